//! Made-up people's names, in a mix that a school in Aotearoa might have.
//!
//! Given names are ordinary ones. Most family names were invented, so that hardly any pair belongs
//! to a person there is. Each text is a list with commas.

use crate::chance::Chance;

/// Names that go together, and how many in a hundred people have them.
struct Stock {
    weight: usize,
    given: &'static str,
    family: &'static str,
}

const STOCKS: [Stock; 4] = [
    Stock {
        weight: 30,
        given: "Anahera,Aroha,Ataahua,Atawhai,Hana,Hēmi,Hinemoa,Hiria,Hoani,Hōhepa,Huia,Kahu,Kahurangi,Kaia,\
            Kiri,Kōwhai,Kura,Māia,Manaia,Manu,Mārama,Matiu,Mere,Mihi,Moana,Ngaio,Ngāwai,Nīkau,Nikora,Paora,\
            Pita,Rangi,Rāwiri,Rēweti,Riria,Roimata,Tāmati,Tāne,Tiaki,Wiremu",
        family: "Haukapua,Heremaia-Moss,Hōkioi,Horowai,Hukatere,Kahuawa,Kaimārō,Kererūroa,Kōkōwai,Māhinawai,\
            Mākutere,Manawaroa,Matakōwhai,Moananui-Reed,Ngāpuke,Ngāhuruiti,Pātikirau,Pīwaitere,Pōkaitara,\
            Pukerāroa,Rangipuke,Rātāmoana,Raukura-Hill,Rimuwera,Ruruwai,Tāwhaorere,Te Awarere,Te Hauroto,\
            Te Kōpuha,Te Mataara,Te Pūāwai,Te Rimurere,Te Wheturau,Tīramarama,Tōtaranui-Bell,Tūīroa,Tūmanako,\
            Waikōtuku,Waipūnarere,Wairakewa",
    },
    Stock {
        weight: 38,
        given: "Alice,Amelia,Archie,Beatrice,Benjamin,Caleb,Charlotte,Clara,Daniel,Edith,Eleanor,Elliot,Emma,\
            Felix,Fergus,Finn,Florence,George,Grace,Harriet,Hazel,Henry,Hugo,Imogen,Isla,Jack,Jasper,\
            Josephine,Lachlan,Liam,Lucy,Matilda,Max,Oliver,Oscar,Phoebe,Rosie,Samuel,Sophie,Theodore,Thomas,\
            Toby,Violet,Zara",
        family: "Abernook,Aldermoor,Ashgrove,Barrowmere,Bexcombe,Blackthorne,Brackenby,Brindlewood,Calderwick,\
            Coldstream,Copperfell,Cranleigh,Crossdale,Dovercliff,Dunmarsh,Elmsworth,Fairhollow,Fennimore,\
            Foxglen,Garrowby,Glenmuir,Greystoke,Hallowell,Harbourne,Hartwell,Hawthornby,Heatherley,Inverlea,\
            Kingsmere,Larkworthy,Lindenhall,Lockerby,Marlowe,Mossgrove,Netherby,Oakhanger,Pemberwick,Quillfeather,\
            Ravensby,Rookwood,Sallowfield,Stillwater,Thistlewood,Underhill,Wetherden,Windermoor,Wrenfield,\
            Yarborough",
    },
    Stock {
        weight: 16,
        given: "Alofa,Ana,Elisapeta,Fetu,Filipo,Fonoti,Ioane,Kalolaine,Lagi,Latu,Leilani,Losa,Lupe,Malakai,\
            Malia,Mele,Mosese,Naomi,Ofa,Pele,Peni,Salesi,Semisi,Sefina,Sina,Sione,Talia,Tavita,Teuila,Tevita,\
            Timaima,Viliami",
        family: "Afatia,Alofaiga,Fa'alogo,Faletoa,Fonohema,Fuaisā,Hakaumotu,Hopoaki,Kalavite,Latumailagi,\
            Leotaga,Lolomanaia,Malagatele,Manumaleuga,Matangitau,Moalamau,Ngatiuta,Olotele,Peauafi,Pulelaki,\
            Samoeli,Siolofa,Taliaoa,Tanuvasi,Taufalele,Tohimoana,Tuifanua,Tuiloma,Uluinamata,Vaifale,\
            Vaimauga,Veikune",
    },
    Stock {
        weight: 16,
        given: "Aarav,Angelo,Anika,Arjun,Bianca,Chae-won,Dev,Diya,Hao,Haruto,Ishaan,Jasmin,Jia,Ji-woo,Kabir,\
            Kavya,Lian,Linh,Marisol,Mei,Minh,Min-jun,Navya,Paolo,Priya,Rohan,Sakura,Seo-yeon,Tala,Thanh,Wei,\
            Xin,Yuki,Zhen",
        family: "Agnihotra,Anchetta,Baek,Bhattarai,Castrillo,Chaudhury,Dalisay,Duong,Fukumori,Goh,Hayashida,\
            Huang,Iyengar,Jeong,Kulkarni,Lacsamana,Leung,Liang,Magbanua,Mehrotra,Mukherji,Nakatani,Ngo,\
            Oyanagi,Panganiban,Pham,Quan,Raghunath,Salonga,Seong,Shimizuka,Siddhanti,Truong,Venkatesan,\
            Xiong,Yoon",
    },
];

/// Names that people go by instead.
const CALLED: &str = "Benjamin=Ben,Beatrice=Bea,Charlotte=Lottie,Daniel=Dan,Eleanor=Nell,Elisapeta=Peta,\
    Florence=Flo,Harriet=Hattie,Josephine=Josie,Matilda=Tilly,Samuel=Sam,Theodore=Teddy,Thomas=Tom,\
    Anahera=Ana,Ataahua=Ata,Atawhai=Ata,Hinemoa=Hine,Hōhepa=Hepa,Kahurangi=Kahu,Roimata=Roi,Wiremu=Wi,\
    Kalolaine=Lina,Malakai=Kai,Viliami=Vili,Timaima=Tima,Chae-won=Chloe,Seo-yeon=Sarah,Min-jun=Ryan,\
    Zhen=Jenny,Hao=Howard";

/// A made-up name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) given: &'static str,
    pub(crate) family: &'static str,
    /// What they go by, when it is another name.
    pub(crate) preferred: &'static str,
}

/// Every list, taken apart once.
pub(crate) struct Names {
    stocks: Vec<(Vec<&'static str>, Vec<&'static str>)>,
    called: Vec<(&'static str, &'static str)>,
}

impl Names {
    pub(crate) fn new() -> Self {
        let list = |text: &'static str| text.split(',').collect();
        Self {
            stocks: STOCKS.iter().map(|stock| (list(stock.given), list(stock.family))).collect(),
            called: CALLED.split(',').filter_map(|pair| pair.split_once('=')).collect(),
        }
    }

    /// A name: given and family name mostly from the same lists, as in most families.
    pub(crate) fn draw(&self, chance: &mut Chance) -> Name {
        let weights: Vec<(usize, usize)> = STOCKS.iter().map(|stock| stock.weight).zip(0..).collect();
        let own = chance.weighted(&weights);
        let other = if chance.percent(15) { chance.weighted(&weights) } else { own };
        let given: &'static str = chance.pick(&self.stocks[own].0);
        let family: &'static str = chance.pick(&self.stocks[other].1);
        let called = self.called.iter().find(|(name, _)| *name == given).map(|(_, called)| *called);
        let preferred = called.filter(|_| chance.percent(55)).unwrap_or_default();
        Name { given, family, preferred }
    }
}

/// A name as it stands in an e-mail address: lower case, no macrons, letters alone.
pub(crate) fn plain(name: &str) -> String {
    let fold = |letter: char| match letter {
        'ā' => 'a',
        'ē' => 'e',
        'ī' => 'i',
        'ō' => 'o',
        'ū' => 'u',
        other => other,
    };
    name.to_lowercase().chars().map(fold).filter(char::is_ascii_alphabetic).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn there_are_about_150_given_and_150_family_names_each_once_and_trimmed() {
        for (part, lists) in [("given", 0), ("family", 1)] {
            let names = Names::new();
            let all: Vec<&str> = names
                .stocks
                .iter()
                .flat_map(|stock| if lists == 0 { stock.0.clone() } else { stock.1.clone() })
                .collect();
            let different: BTreeSet<&str> = all.iter().copied().collect();
            assert_eq!(all.len(), different.len(), "a {part} name stands twice");
            assert!((145..=170).contains(&all.len()), "{} {part} names", all.len());
            assert!(all.iter().all(|name| !name.is_empty() && name.trim() == *name), "{part}");
        }
    }

    #[test]
    fn every_name_somebody_goes_by_belongs_to_a_name_there_is() {
        let names = Names::new();
        for (given, called) in &names.called {
            assert!(names.stocks.iter().any(|stock| stock.0.contains(given)), "{given}");
            assert!(!called.is_empty());
        }
    }

    #[test]
    fn an_address_has_letters_alone() {
        assert_eq!(plain("Te Kōpuha"), "tekopuha");
        assert_eq!(plain("Fa'alogo"), "faalogo");
    }
}
