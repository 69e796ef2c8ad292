//! Alarms when a school goes silent: raised by a look every few minutes, kept until the school is
//! heard again, and kept afterwards as history.
//!
//! Silence itself is decided in `hearing`; here it becomes a row, so that it can be said once, seen
//! on a page, and looked up later. Two collectors over one database raise one alarm.

use crate::concern::SchoolLine;
use crate::hearing::Hearing;
use crate::http::Clock;
use crate::kept::UNTIL_ALL;
use crate::quality::Standing;
use crate::{Collector, CollectorError, page_statements as sql};
use database::{DatabaseError, Scope, Value};
use domain::{Instant, Zone};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

/// Between two looks.
const REST: Duration = Duration::from_secs(60);

/// A school that has gone silent, as the alarm says it once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// The school's number.
    pub school: i64,
    /// Its name; empty where nobody said one.
    pub name: String,
    /// When it was last heard.
    pub silent_since: Instant,
    /// When the silence was noticed.
    pub raised_at: Instant,
}

/// One silence of a school, over or not.
pub(crate) struct Silence {
    pub(crate) since: Option<Instant>,
    pub(crate) raised_at: Option<Instant>,
    pub(crate) heard_at: Option<Instant>,
}

impl Collector {
    /// Looks which schools have gone silent and which were heard again. Answers the alarms that it
    /// raised: each silence is raised once.
    ///
    /// # Errors
    /// When the database fails.
    pub fn look_for_silence(&self, now: Instant) -> Result<Vec<Alarm>, CollectorError> {
        let (standings, open) = self.database.read(Scope::Host, |tx| {
            Ok::<_, DatabaseError>((Standing::all(tx)?, tx.query(sql::SILENCE_OPEN, &[])?))
        })?;
        let mut last_heard = BTreeMap::new();
        let mut silent = Vec::new();
        for standing in standings {
            last_heard.insert(standing.number, standing.last_heard_at);
            let line = SchoolLine::new(standing, None, now);
            if let (Hearing::Silent, Some(since)) = (line.hearing, line.standing.last_heard_at) {
                let (school, name) = (line.standing.number, line.standing.name);
                silent.push(Alarm { school, name, silent_since: since, raised_at: now });
            }
        }
        let mut ended: Vec<[Value; 3]> = Vec::new();
        for mut row in open {
            let (school, since): (i64, i64) = (row.take(0)?, row.take(1)?);
            silent.retain(|alarm| (alarm.school, alarm.silent_since.micros()) != (school, since));
            let heard = last_heard.get(&school).copied().flatten();
            if let Some(heard) = heard.filter(|heard| heard.micros() > since) {
                ended.push([school.into(), since.into(), heard.micros().into()]);
            }
        }
        if silent.is_empty() && ended.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.database.write(Scope::Host, move |tx| {
            for values in &ended {
                tx.execute(sql::SILENCE_END, values)?;
            }
            let mut raised = Vec::new();
            for alarm in silent {
                let since = alarm.silent_since.micros();
                let values = [alarm.school.into(), since.into(), now.micros().into()];
                // Another collector over the same database may have been faster.
                if tx.execute(sql::SILENCE_RAISE, &values)? == 1 {
                    raised.push(alarm);
                }
            }
            Ok::<_, DatabaseError>(raised)
        })?)
    }

    /// A school's silences, the latest first.
    pub(crate) fn silences(&self, number: i64, limit: i64) -> Result<Vec<Silence>, CollectorError> {
        let rows = self
            .database
            .review(Scope::Host, |tx| tx.query(sql::SILENCE_OF_SCHOOL, &[number.into(), limit.into()]))?;
        let mut silences = Vec::new();
        for mut row in rows {
            let mut at = |column| {
                Ok::<_, DatabaseError>(row.take::<Option<i64>>(column)?.and_then(Instant::from_micros))
            };
            silences.push(Silence { since: at(0)?, raised_at: at(1)?, heard_at: at(2)? });
        }
        Ok(silences)
    }

    /// When each silence that lasts was noticed, by school.
    pub(crate) fn raised(&self) -> Result<BTreeMap<i64, Instant>, CollectorError> {
        let rows = self.database.review(Scope::Host, |tx| tx.query(sql::SILENCE_OPEN, &[]))?;
        let mut raised = BTreeMap::new();
        for mut row in rows {
            if let Some(at) = Instant::from_micros(row.take(2)?) {
                raised.insert(row.take(0)?, at);
            }
        }
        Ok(raised)
    }
}

/// Looks for silence again and again, and counts what the pages show before anybody asks.
pub(crate) async fn watch(collector: Arc<Collector>, clock: Clock) -> Infallible {
    loop {
        let (collector, now) = (Arc::clone(&collector), clock());
        let looked = tokio::task::spawn_blocking(move || look(&collector, now)).await;
        if let Ok(Err(error)) = looked {
            eprintln!("collector: the look for silence: {error}");
        }
        tokio::time::sleep(REST).await;
    }
}

fn look(collector: &Collector, now: Instant) -> Result<(), CollectorError> {
    for alarm in collector.look_for_silence(now)? {
        // A school says its own name: it must not be able to write a line of its own here.
        let name = alarm.name.escape_debug();
        let since = Zone::Auckland.text(alarm.silent_since);
        eprintln!("collector: silence: school {} ({name}) was last heard {since}", alarm.school);
    }
    let scope = collector.scope(None, now)?;
    collector.lines(&scope, now, UNTIL_ALL)?;
    Ok(())
}
