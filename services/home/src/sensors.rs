use serde::Deserialize;

/// What sensors are named in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Language {
    #[default]
    #[serde(rename = "en")]
    English,
    #[serde(rename = "de")]
    German,
}

/// What a sensor shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Of energy.
    Price,
    /// Money that is there.
    Money,
    /// Money paid since the month began.
    Bill,
    /// Since the day began.
    Energy,
    /// Of a whole.
    Share,
    Moment,
}

/// Who knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Chain,
    /// An indexer: without one, there is no such sensor.
    Indexer,
}

/// One of the things that Home Assistant is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sensor {
    /// Its field in the state, and its name for good.
    pub key: &'static str,
    pub quantity: Quantity,
    pub source: Source,
    /// Whether there is more to say of it.
    pub has_attributes: bool,
    names: [&'static str; 2],
    /// Of Material Design Icons.
    pub icon: &'static str,
}

pub const SENSORS: [Sensor; 14] = [
    of_chain("price_now", Quantity::Price)
        .named("Price now", "Preis jetzt")
        .pictured("mdi:currency-sign")
        .saying_more(),
    of_chain("price_next", Quantity::Price)
        .named("Price next", "Preis danach")
        .pictured("mdi:clock-fast")
        .saying_more(),
    of_chain("retail_price", Quantity::Price)
        .named("Supplier's price", "Preis des Versorgers")
        .pictured("mdi:transmission-tower-export"),
    of_chain("feed_in_tariff", Quantity::Price)
        .named("Feed-in tariff", "Einspeisetarif")
        .pictured("mdi:transmission-tower-import"),
    of_chain("balance", Quantity::Money)
        .named("Balance", "Guthaben")
        .pictured("mdi:wallet")
        .saying_more(),
    of_chain("free", Quantity::Money)
        .named("Free of the balance", "Davon verfügbar")
        .pictured("mdi:wallet-outline"),
    of_chain("heard_until", Quantity::Moment)
        .named("Meter heard until", "Zähler gehört bis")
        .pictured("mdi:meter-electric"),
    of_chain("gate_closure", Quantity::Moment)
        .named("Next gate closure", "Nächster Annahmeschluss")
        .pictured("mdi:gate"),
    of_indexer("community_share", Quantity::Share)
        .named("Community share today", "Anteil der Gemeinschaft heute")
        .pictured("mdi:account-group")
        .saying_more(),
    of_indexer("from_neighbours", Quantity::Energy)
        .named("From neighbours today", "Von Nachbarn heute")
        .pictured("mdi:home-import-outline"),
    of_indexer("from_supplier", Quantity::Energy)
        .named("From the supplier today", "Vom Versorger heute")
        .pictured("mdi:transmission-tower-export"),
    of_indexer("to_neighbours", Quantity::Energy)
        .named("To neighbours today", "An Nachbarn heute")
        .pictured("mdi:home-export-outline"),
    of_indexer("to_supplier", Quantity::Energy)
        .named("To the supplier today", "An den Versorger heute")
        .pictured("mdi:transmission-tower-import"),
    of_indexer("bill", Quantity::Bill)
        .named("Bill of this month", "Rechnung dieses Monats")
        .pictured("mdi:receipt-text")
        .saying_more(),
];

const fn of_chain(key: &'static str, quantity: Quantity) -> Sensor {
    Sensor {
        key,
        quantity,
        source: Source::Chain,
        has_attributes: false,
        names: [key, key],
        icon: "mdi:help",
    }
}

const fn of_indexer(key: &'static str, quantity: Quantity) -> Sensor {
    Sensor {
        source: Source::Indexer,
        ..of_chain(key, quantity)
    }
}

impl Sensor {
    pub fn name(&self, language: Language) -> &'static str {
        let [english, german] = self.names;
        match language {
            Language::English => english,
            Language::German => german,
        }
    }

    const fn named(self, english: &'static str, german: &'static str) -> Sensor {
        Sensor {
            names: [english, german],
            ..self
        }
    }

    const fn pictured(self, icon: &'static str) -> Sensor {
        Sensor { icon, ..self }
    }

    const fn saying_more(self) -> Sensor {
        Sensor {
            has_attributes: true,
            ..self
        }
    }
}
