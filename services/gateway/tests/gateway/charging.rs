//! Records of chargers that become readings: which interval has which energy.

use joulebook_client::layout::oracle::Quality;
use joulebook_gateway::adapter::{ChargerOptions, Chargers};
use joulebook_units::Wh;
use p256::ecdsa::{signature::Signer, Signature, SigningKey};
use tokio::time::{sleep, Duration};
use tokio_util::sync::CancellationToken;

use crate::{
    adapters::Scene,
    village::{LENGTH, PAGE},
};

/// 2026-11-02 00:00 UTC.
const DAY: i64 = 1_793_577_600;

fn key(number: u8) -> SigningKey {
    SigningKey::from_slice(&[number; 32]).expect("a key")
}

fn options(scene: &Scene, serial: Option<&str>) -> ChargerOptions {
    let point = key(5).verifying_key().to_sec1_point(false);
    let digits = point.as_bytes().iter().map(|byte| format!("{byte:02x}"));
    ChargerOptions {
        name: serial.unwrap_or("garage").to_owned(),
        meter: scene.village.number(0),
        device_key: scene.key.clone(),
        public_key: digits.collect(),
        meter_serial: serial.map(str::to_owned),
    }
}

/// A record of registers, Wh, at times, unix seconds.
fn record(key: &SigningKey, serial: &str, readings: &[(i64, u32)]) -> String {
    let reading = |(at, wh): &(i64, u32)| {
        let second = at - DAY;
        format!(
            r#"{{"TM":"2026-11-{:02}T{:02}:{:02}:{:02},000+0000 S","RV":{wh},"RI":"1-0:1.8.0*255","RU":"Wh","ST":"G"}}"#,
            2 + second / 86_400,
            second / 3_600 % 24,
            second / 60 % 60,
            second % 60
        )
    };
    let readings: Vec<String> = readings.iter().map(reading).collect();
    let payload = format!(
        r#"{{"FV":"1.0","MS":"{serial}","RD":[{}]}}"#,
        readings.join(",")
    );
    let signature: Signature = key.sign(payload.as_bytes());
    let (r, s) = signature.split_bytes();
    let integer = |bytes: &[u8]| [&[2, 33, 0], bytes].concat();
    let body = [integer(&r), integer(&s)].concat();
    let der = [vec![0x30, body.len() as u8], body].concat();
    let digits: String = der.iter().map(|byte| format!("{byte:02x}")).collect();
    format!(r#"OCMF|{payload}|{{"SD":"{digits}"}}"#)
}

/// A charger whose clock is that of its scene.
struct Garage {
    scene: Scene,
    chargers: Chargers,
    page: i64,
    stop: CancellationToken,
}

impl Garage {
    fn new() -> Garage {
        let scene = Scene::new();
        let chargers = Chargers::open(&[options(&scene, None)], &scene.intake).expect("its keys");
        Garage {
            page: scene.village.service(),
            scene,
            chargers,
            stop: CancellationToken::new(),
        }
    }

    /// From now on it signs what is to be told.
    fn sign(&self) {
        tokio::spawn(self.chargers.clone().work(self.stop.clone()));
    }

    /// Seconds since the page began, and Wh.
    async fn charge(&self, readings: &[(i64, u32)]) -> Result<usize, String> {
        let readings: Vec<(i64, u32)> = readings
            .iter()
            .map(|(second, wh)| (self.page + second, *wh))
            .collect();
        let taken = self.chargers.take(&record(&key(5), "1", &readings)).await;
        let taken = taken.map_err(|error| error.to_string())?;
        assert_eq!(taken.until, readings[readings.len() - 1].0);
        Ok(taken.readings)
    }

    fn pass_until(&mut self, second: i64) {
        self.scene.village.pass_until(self.page + second);
        self.scene.set_clock(self.page + second);
    }

    async fn deliver(&mut self, messages: usize) {
        let waits = move |scene: &Scene| scene.village.store.counts().0 == messages;
        self.scene.wait_for("it is signed", waits).await;
        self.scene.village.deliver();
    }

    fn entry(&self, interval: i64) -> (Quality, Wh) {
        let entry = self.scene.village.entry(0, self.page + interval * LENGTH);
        (entry.quality(), entry.import())
    }

    fn import(&self) -> u64 {
        let number = self.scene.village.number(0);
        let meters = self.scene.village.community.meters();
        meters.meter(number).expect("a meter").import
    }
}

impl Drop for Garage {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_charging_processes_when_pages_are_over_then_each_interval_has_its_own_energy_or_is_a_gap(
) {
    let mut garage = Garage::new();
    // One within an interval, and one over two boundaries; in between nothing flows.
    garage.pass_until(PAGE + LENGTH);
    for readings in [
        [(-50, 1_000), (-10, 1_000)],
        [(310, 1_000), (590, 1_100)],
        [(910, 1_100), (1_490, 1_400)],
    ] {
        assert_eq!(garage.charge(&readings).await, Ok(2));
    }
    garage.sign();
    garage.deliver(1).await;
    let measured = |wh| (Quality::Measured, Wh(wh));
    let first: Vec<_> = (0..3).map(|interval| garage.entry(interval)).collect();
    assert_eq!(first, [measured(0), measured(100), measured(0)]);
    garage.pass_until(2 * PAGE);
    assert_eq!(
        garage.charge(&[(1_810, 1_400), (1_820, 1_400)]).await,
        Ok(2)
    );
    garage.deliver(1).await;
    assert_eq!(garage.entry(5), measured(0));
    for interval in [3, 4, 6, 7] {
        assert_ne!(garage.entry(interval).0, Quality::Measured, "{interval}");
    }
    // The whole is there, and how it lies in the gap nobody has measured.
    assert_eq!(garage.import(), 1_400);
    // The next record says that nothing has flowed since.
    garage.pass_until(2 * PAGE + 2 * LENGTH - 100);
    let next = [(2_700, 1_400), (2_710, 1_401)];
    assert_eq!(garage.charge(&next).await, Ok(2));
    garage.deliver(1).await;
    let since: Vec<_> = (6..8).map(|interval| garage.entry(interval)).collect();
    assert_eq!(since, [measured(0); 2]);
    assert_eq!(garage.import(), 1_400);
    // The same again changes nothing.
    assert_eq!(garage.charge(&next).await, Ok(2));
    sleep(Duration::from_millis(1_500)).await;
    assert_eq!(garage.scene.village.store.counts().0, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_no_record_behind_the_last_one_when_its_page_is_about_to_close_then_its_register_is_told(
) {
    let mut garage = Garage::new();
    garage.sign();
    garage.pass_until(PAGE);
    assert_eq!(garage.charge(&[(10, 5), (200, 9)]).await, Ok(2));
    sleep(Duration::from_millis(1_500)).await;
    assert_eq!(garage.scene.village.store.counts().0, 0, "more may come");
    let reading = i64::from(garage.scene.village.community.parameters.reading_seconds);
    garage.pass_until(PAGE + reading * 3 / 4);
    garage.deliver(1).await;
    assert_eq!(garage.import(), 9);
    // A record that comes too late does not make it untrue: its energy is a later boundary's.
    assert_eq!(garage.charge(&[(250, 9), (600, 20)]).await, Ok(2));
    garage.deliver(1).await;
    assert_eq!(garage.import(), 20);
    assert_eq!(garage.entry(1), (Quality::Measured, Wh(11)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_records_that_fit_to_nothing_when_handed_in_then_it_is_said_and_they_are_not_kept() {
    let mut garage = Garage::new();
    garage.sign();
    garage.pass_until(PAGE);
    assert_eq!(garage.charge(&[(10, 50), (600, 90)]).await, Ok(2));
    let known = |garage: &Garage| {
        let known = garage
            .scene
            .intake
            .store
            .known(garage.scene.village.number(0));
        known.expect("read").len()
    };
    let refused = |words: &'static str| {
        move |said: Result<usize, String>| {
            let said = said.expect_err(words);
            assert!(said.contains(words), "{said}");
        }
    };
    let contradicts = refused("something else than another record");
    contradicts(garage.charge(&[(700, 80)]).await);
    contradicts(garage.charge(&[(300, 91)]).await);
    contradicts(garage.charge(&[(600, 91)]).await);
    refused("in the future")(garage.charge(&[(PAGE + 100, 95)]).await);
    let stranger = record(&key(6), "1", &[(garage.page + 700, 95)]);
    let said = garage.chargers.take(&stranger).await;
    refused("no charger of this gateway")(said.map(|_| 0).map_err(|error| error.to_string()));
    assert_eq!(known(&garage), 2);
}

#[tokio::test]
async fn given_a_clock_that_is_not_known_when_a_record_comes_then_it_is_to_be_sent_again() {
    let garage = Garage::new();
    garage.scene.forget_clock();
    let said = garage.charge(&[(10, 5)]).await.expect_err("not kept");
    assert!(said.contains("clock is not known yet"), "{said}");
    garage.scene.set_clock(garage.page + PAGE);
    assert_eq!(garage.charge(&[(10, 5)]).await, Ok(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_two_records_that_contradict_each_other_when_they_come_at_once_then_one_of_them_is_taken(
) {
    let garage = Garage::new();
    garage.scene.set_clock(garage.page + PAGE);
    for number in 0..8 {
        let at = 10 + 20 * number;
        let wh = 100 * number as u32;
        let (more, less) = ([(at, wh + 50)], [(at, wh + 20)]);
        let both = tokio::join!(garage.charge(&more), garage.charge(&less));
        assert!(both.0.is_ok() != both.1.is_ok(), "{both:?}");
    }
}

#[tokio::test]
async fn given_a_station_with_two_meters_when_records_come_then_each_is_the_meter_s_that_it_names()
{
    let scene = Scene::new();
    let page = scene.village.service();
    scene.set_clock(page + PAGE);
    let both = [
        options(&scene, Some("1EMH1")),
        options(&scene, Some("1EMH2")),
    ];
    let chargers = Chargers::open(&both, &scene.intake).expect("its keys");
    for serial in ["1EMH2", "1EMH1"] {
        let taken = chargers
            .take(&record(&key(5), serial, &[(page + 10, 7)]))
            .await;
        assert_eq!(taken.expect("taken").charger, serial);
    }
    let third = chargers
        .take(&record(&key(5), "1EMH3", &[(page + 10, 7)]))
        .await;
    let said = third.expect_err("another meter").to_string();
    assert!(said.contains("the meter 1EMH3"), "{said}");
}
