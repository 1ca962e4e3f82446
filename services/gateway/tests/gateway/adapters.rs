//! Meters that sign nothing: from telegrams on a line to values in the oracle.

use std::{
    fs::File,
    io::Write,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant as Moment},
};

use joulebook_client::layout::oracle::Quality;
use joulebook_daemon::{key, key::KeySource, observe::Health};
use joulebook_gateway::{
    adapter::{Adapter, AdapterOptions, LineOptions, Sign, Speaks},
    device::DeviceKeySource,
    intake::Intake,
    seen::Seen,
    view::View,
};
use joulebook_units::{UnixTime, Wh};
use rustix::{
    pty::{grantpt, openpt, ptsname, unlockpt, OpenptFlags},
    termios::{tcgetattr, LocalModes},
};
use solana_keypair::Keypair;
use tempfile::TempDir;
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
    sync::{broadcast, watch, Semaphore},
    time::{sleep, Instant},
};
use tokio_util::sync::CancellationToken;

use crate::village::{Village, LENGTH, PAGE};

const PATIENCE: Duration = Duration::from_secs(30);
/// No terminal has it before somebody sets it.
const BAUD: u32 = 57_600;

/// A village whose gateway sees the clock as it is told.
pub struct Scene {
    pub village: Village,
    clock: watch::Sender<Option<Seen>>,
    pub intake: Intake,
    pub key: DeviceKeySource,
    _folder: TempDir,
}

impl Scene {
    pub fn new() -> Scene {
        let village = Village::new(1);
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("meter.json");
        key::write_new(&path, &village.community.households[0].devices[0].key).expect("written");
        let (clock, seen) = watch::channel(None);
        let intake = Intake {
            store: Arc::clone(&village.store),
            seen,
            addresses: village.community.addresses.clone(),
            ahead: 60,
            forwards: false,
            fates: broadcast::channel(10).0,
            room: Arc::new(Semaphore::new(1)),
        };
        let scene = Scene {
            village,
            clock,
            intake,
            key: DeviceKeySource::Ed25519(KeySource::File(path)),
            _folder: folder,
        };
        scene.set_clock(scene.village.service() - LENGTH);
        scene
    }

    pub fn set_clock(&self, time: i64) {
        let view = View {
            now: UnixTime(time),
            ..self.village.view()
        };
        let seen = Seen::since(Arc::new(view), Instant::now());
        self.clock.send_replace(Some(seen));
    }

    /// As if a process before this one had seen it.
    pub fn forget_clock(&self) {
        let seen = Seen::before(self.village.view());
        self.clock.send_replace(Some(seen));
    }

    pub async fn wait_for(&self, what: &str, holds: impl Fn(&Scene) -> bool) {
        let begun = Moment::now();
        while !holds(self) {
            assert!(begun.elapsed() < PATIENCE, "{what}");
            sleep(Duration::from_millis(10)).await;
        }
    }

    fn knows(&self, boundary: i64) -> bool {
        let known = self.village.store.known(self.village.number(0));
        known.expect("read").contains_key(&boundary)
    }
}

/// A telegram, with its check sum.
pub fn telegram(import: u64, export: u64) -> Vec<u8> {
    let kwh = |wh: u64| format!("{:06}.{:03}*kWh", wh / 1_000, wh % 1_000);
    let text = format!(
        "/ABC5\\test\r\n\r\n1-0:1.8.1({})\r\n1-0:1.8.2(000000.000*kWh)\r\n1-0:2.8.0({})\r\n!",
        kwh(import),
        kwh(export)
    );
    let sum = text.bytes().fold(0_u16, |crc, byte| {
        (0..8).fold(crc ^ u16::from(byte), |crc, _| match crc & 1 {
            1 => (crc >> 1) ^ 0xa001,
            _ => crc >> 1,
        })
    });
    format!("{text}{sum:04X}\r\n").into_bytes()
}

async fn start(scene: &Scene, sign: Sign) -> (TcpStream, TcpListener, CancellationToken) {
    start_at(scene.village.number(0), &scene.key, &scene.intake, sign).await
}

/// An adapter of this meter; its line.
pub async fn start_at(
    meter: u32,
    key: &DeviceKeySource,
    intake: &Intake,
    sign: Sign,
) -> (TcpStream, TcpListener, CancellationToken) {
    let line = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let from = LineOptions::Tcp {
        tcp: line.local_addr().expect("its number"),
    };
    let stop = start_on(from, meter, key, intake, sign);
    let (meter, _) = line.accept().await.expect("it connects");
    (meter, line, stop)
}

fn start_on(
    from: LineOptions,
    meter: u32,
    key: &DeviceKeySource,
    intake: &Intake,
    sign: Sign,
) -> CancellationToken {
    let options = AdapterOptions {
        name: "house".into(),
        meter,
        device_key: key.clone(),
        from,
        speaks: Speaks::P1,
        sign,
        tolerance_seconds: 30,
    };
    let stop = CancellationToken::new();
    let adapter = Adapter::new(&options, intake.clone(), Health::default(), stop.clone());
    tokio::spawn(adapter.expect("its key").work());
    stop
}

/// A serial line: the end that a meter writes to, and where the other one is.
fn serial_line() -> (File, PathBuf) {
    let meter = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&meter).expect("granted");
    unlockpt(&meter).expect("unlocked");
    let name = ptsname(&meter, Vec::new()).expect("has a name");
    let name = name.into_string().expect("is text");
    (File::from(meter), name.into())
}

/// Whether somebody listens with this speed, and takes each byte as it is.
fn is_open(line: &File, baud: u32) -> bool {
    let found = tcgetattr(line).expect("asked");
    let is_raw = !found
        .local_modes
        .intersects(LocalModes::ICANON | LocalModes::ECHO);
    is_raw && found.input_speed() == baud
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_meter_that_is_silent_at_a_boundary_when_the_page_is_over_then_the_oracle_has_what_was_known_and_no_more(
) {
    let mut scene = Scene::new();
    let page = scene.village.service();
    let (mut meter, _line, _stop) = start(&scene, Sign::Profile).await;
    // Known are the boundaries 0, 1, 2 and 4.
    for boundary in [0, 1, 2, 4] {
        let time = page + boundary * LENGTH;
        scene.set_clock(time - 10);
        let wh = 1_000 + 50 * boundary as u64;
        meter
            .write_all(&telegram(wh, boundary as u64))
            .await
            .expect("told");
        // It is there before the clock goes on.
        sleep(Duration::from_millis(300)).await;
        scene.set_clock(time);
        if boundary < 4 {
            scene
                .wait_for("a boundary", |scene| scene.knows(time))
                .await;
        }
    }
    scene
        .wait_for("two messages", |scene| scene.village.store.counts().0 == 2)
        .await;
    scene.village.pass_until(page + PAGE);
    scene.village.deliver();
    let found: Vec<(Quality, Wh)> = (0..4)
        .map(|interval| {
            let entry = scene.village.entry(0, page + interval * LENGTH);
            (entry.quality(), entry.import())
        })
        .collect();
    assert_eq!(
        found,
        [
            (Quality::Measured, Wh(50)),
            (Quality::Measured, Wh(50)),
            (Quality::Missing, Wh(0)),
            (Quality::Gap, Wh(100)),
        ]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_line_that_breaks_off_when_it_is_back_then_readings_go_on_with_a_higher_sequence() {
    let mut scene = Scene::new();
    let page = scene.village.service();
    let (mut meter, line, stop) = start(&scene, Sign::Reading).await;
    for boundary in 0..3_i64 {
        if boundary == 1 {
            drop(meter);
            (meter, _) = line.accept().await.expect("it connects again");
        }
        let time = page + boundary * LENGTH;
        scene.set_clock(time - 10);
        meter.write_all(b"noise\r\n").await.expect("told");
        let told = telegram(500 + boundary as u64, 0);
        meter.write_all(&told).await.expect("told");
        sleep(Duration::from_millis(300)).await;
        scene.set_clock(time);
        let wanted = boundary as usize + 1;
        scene
            .wait_for("a reading", |scene| {
                scene.village.store.counts().0 == wanted
            })
            .await;
    }
    stop.cancel();
    let sequences: Vec<u64> = scene
        .village
        .store
        .all_waiting()
        .keys()
        .map(|key| key.sequence)
        .collect();
    assert!(sequences.windows(2).all(|pair| pair[0] < pair[1]));
    // Of a store that was lost none comes again: they are milliseconds of the machine's clock. This is 2025.
    assert!(
        sequences.iter().all(|one| *one > 1_735_689_600_000),
        "{sequences:?}"
    );
    scene.village.pass_until(page + 2 * LENGTH);
    scene.village.deliver();
    assert_eq!(scene.village.entry(0, page + LENGTH).import(), Wh(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_key_that_is_not_the_meter_s_when_a_boundary_passes_then_it_is_kept_unsigned() {
    let mut scene = Scene::new();
    let page = scene.village.service();
    let path = scene._folder.path().join("another.json");
    key::write_new(&path, &Keypair::new()).expect("written");
    scene.key = DeviceKeySource::Ed25519(KeySource::File(path));
    let (mut meter, _line, stop) = start(&scene, Sign::Reading).await;
    scene.set_clock(page + LENGTH - 10);
    meter.write_all(&telegram(500, 0)).await.expect("told");
    sleep(Duration::from_millis(300)).await;
    scene.set_clock(page + LENGTH);
    scene
        .wait_for("a boundary", |scene| scene.knows(page + LENGTH))
        .await;
    sleep(Duration::from_millis(2_200)).await;
    stop.cancel();
    assert_eq!(scene.village.store.counts().0, 0);
    assert!(scene.knows(page + LENGTH));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_meter_on_a_serial_line_when_boundaries_pass_then_the_oracle_has_its_signed_readings(
) {
    let mut scene = Scene::new();
    let page = scene.village.service();
    let (mut meter, serial) = serial_line();
    let number = scene.village.number(0);
    let from = LineOptions::Serial { serial, baud: BAUD };
    let stop = start_on(from, number, &scene.key, &scene.intake, Sign::Reading);
    // What is written before would come through the terminal's own settings.
    scene
        .wait_for("a listener", |_| is_open(&meter, BAUD))
        .await;
    for (boundary, wh) in [(0_i64, 1_000_u64), (1, 1_007)] {
        let time = page + boundary * LENGTH;
        scene.set_clock(time - 10);
        // Of a line it comes in parts, wherever these end.
        for part in telegram(wh, 3).chunks(17) {
            meter.write_all(part).expect("told");
        }
        sleep(Duration::from_millis(300)).await;
        scene.set_clock(time);
        let wanted = boundary as usize + 1;
        scene
            .wait_for("a reading", |scene| {
                scene.village.store.counts().0 == wanted
            })
            .await;
    }
    stop.cancel();
    scene.village.pass_until(page + 2 * LENGTH);
    // The oracle takes nothing that the meter's key has not signed.
    scene.village.deliver();
    let entry = scene.village.entry(0, page);
    assert_eq!(
        (entry.quality(), entry.import(), entry.export()),
        (Quality::Measured, Wh(7), Wh(0))
    );
}
