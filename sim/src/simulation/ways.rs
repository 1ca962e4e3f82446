use schemars::JsonSchema;
use serde::Serialize;

/// How households take part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Ways {
    /// How their orders come into the book.
    pub orders: OrderWay,
    /// How their meters' values come to the oracle.
    pub readings: ReadingWay,
    /// Who decides what they order.
    pub traders: Traders,
}

/// How their orders come into the book.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderWay {
    /// Entered once, and applied in each window by whoever comes by.
    #[default]
    Standing,
    /// Signed by themselves for each window.
    Own,
    /// By one delegate of all of them, who knows what stands on chain: for each window, or standing, whichever brings more.
    Agent,
}

/// How their meters' values come to the oracle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReadingWay {
    /// All of a page, a day, under one signature, when it is over.
    #[default]
    Profile,
    /// Registers at each boundary.
    Register,
}

/// Who decides what they order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Traders {
    /// They know how uncertain they are: the newsvendor's rule.
    #[default]
    Newsvendor,
    /// They bid all that they expect at random prices, window by window: traders with zero intelligence.
    ZeroIntelligence,
    /// They know what will flow, window by window. Nobody does.
    Foresight,
}
