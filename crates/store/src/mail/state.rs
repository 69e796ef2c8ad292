//! How far a message has come.

/// How far a message has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageState {
    /// To be sent, not before its next attempt.
    Waiting,
    /// Somebody talks to the server about it; the server has nothing of it yet.
    Sending,
    /// Its text is being given to the server: from here until the answer nobody knows whether the
    /// server has it.
    HandedOver,
    /// The server took it.
    Sent,
    /// The server refused it for good.
    Refused,
    /// It was tried as often as is reasonable.
    GivenUp,
    /// A person stopped it: it goes no further. An earlier attempt may have arrived.
    Stopped,
}

impl MessageState {
    const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Sending,
        Self::HandedOver,
        Self::Sent,
        Self::Refused,
        Self::GivenUp,
        Self::Stopped,
    ];

    /// `waiting`, `sending`, `handed over`, `sent`, `refused`, `given up`, `stopped`.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::HandedOver => "handed over",
            Self::Sent => "sent",
            Self::Refused => "refused",
            Self::GivenUp => "given up",
            Self::Stopped => "stopped",
        }
    }

    /// Whether nothing more will happen to the message.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Sent | Self::Refused | Self::GivenUp | Self::Stopped)
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.text() == text)
    }
}
