//! A meter's key in a token, by PKCS#11: SoftHSM stands for it.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use joulebook_daemon::key::KeySource;
use joulebook_gateway::{
    device::{DeviceKey, DeviceKeySource, Pkcs11Error, Pkcs11Key, Pkcs11Options},
    fate::Fate,
};
use joulebook_metering::{message::Profile, page::Energy, register::Registers};
use joulebook_units::{UnixTime, Wh, WhSum};

use crate::village::{Village, CONNECTION, LENGTH, PAGE};

/// Where Debian has it.
const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
const TOKEN: &str = "joulebook-test";
const PIN: &str = "2580";

/// A token with a key of P-256; `None` where SoftHSM is not installed. SoftHSM finds its tokens by the environment, which is the
/// process's: one test does all.
fn token(folder: &Path) -> Option<Pkcs11Options> {
    if !Path::new(MODULE).exists() {
        println!("skipped: SoftHSM is not installed (toolchain/setup-services)");
        return None;
    }
    let tokens = folder.join("tokens");
    fs::create_dir(&tokens).expect("a folder");
    let configuration = folder.join("softhsm2.conf");
    let text = format!(
        "directories.tokendir = {}\nobjectstore.backend = file\n",
        tokens.display()
    );
    fs::write(&configuration, text).expect("written");
    std::env::set_var("SOFTHSM2_CONF", &configuration);
    let made = Command::new("softhsm2-util")
        .args([
            "--init-token",
            "--free",
            "--label",
            TOKEN,
            "--pin",
            PIN,
            "--so-pin",
            "9999",
        ])
        .output()
        .expect("softhsm2-util");
    assert!(made.status.success(), "{made:?}");
    let pin = folder.join("pin");
    fs::write(&pin, format!("{PIN}\n")).expect("written");
    fs::set_permissions(&pin, fs::Permissions::from_mode(0o600)).expect("set");
    Some(Pkcs11Options {
        module: MODULE.into(),
        token: TOKEN.into(),
        key: "meter".into(),
        pin: KeySource::File(pin),
    })
}

/// As the owner of a token does it, once.
fn generate(options: &Pkcs11Options, label: &str, curve: &[u8]) {
    use cryptoki::{
        context::{CInitializeArgs, CInitializeFlags, Pkcs11},
        mechanism::Mechanism,
        object::Attribute,
        session::UserType,
        types::AuthPin,
    };
    let module = Pkcs11::new(&options.module).expect("the module");
    // Whoever was first has initialised it.
    let _ = module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK));
    let slots = module.get_slots_with_token().expect("slots");
    let slot = slots.into_iter().find(|slot| {
        let info = module.get_token_info(*slot).expect("a token");
        info.label().trim_end() == TOKEN
    });
    let session = module
        .open_rw_session(slot.expect("the token"))
        .expect("a session");
    let pin = AuthPin::new(PIN.into());
    session.login(UserType::User, Some(&pin)).expect("the PIN");
    let label = Attribute::Label(label.as_bytes().to_vec());
    let public = [
        Attribute::Token(true),
        Attribute::Private(false),
        Attribute::EcParams(curve.to_vec()),
        label.clone(),
    ];
    let private = [
        Attribute::Token(true),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Sign(true),
        label,
    ];
    let made = session.generate_key_pair(&Mechanism::EccKeyPairGen, &public, &private);
    made.expect("a key pair");
    // It is the process's: whoever signs goes on with it.
    std::mem::forget(module);
}

/// Of the curves, in DER.
const P256: [u8; 10] = [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P384: [u8; 7] = [6, 5, 0x2b, 0x81, 4, 0, 0x22];

#[test]
fn given_a_key_in_a_token_when_it_signs_a_page_then_the_oracle_counts_it_and_what_is_missing_is_named(
) {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(options) = token(folder.path()) else {
        return;
    };
    generate(&options, "meter", &P256);
    generate(&options, "other", &P384);
    let key = DeviceKeySource::Pkcs11(options.clone())
        .open()
        .expect("the key");
    counted_by_the_oracle(&key);

    let refused = |change: &dyn Fn(&mut Pkcs11Options)| {
        let mut options = options.clone();
        change(&mut options);
        Pkcs11Key::open(&options).err().expect("refused")
    };
    let error = refused(&|options| options.token = "nowhere".into());
    assert!(matches!(error, Pkcs11Error::NoToken(_)), "{error}");
    let error = refused(&|options| options.key = "nothing".into());
    assert!(matches!(error, Pkcs11Error::NoKey(_)), "{error}");
    let error = refused(&|options| options.key = "other".into());
    assert!(matches!(error, Pkcs11Error::NotP256(_)), "{error}");
    let error = refused(&|options| options.module = PathBuf::from("/nowhere.so"));
    assert!(matches!(error, Pkcs11Error::Module { .. }), "{error}");
    let wrong = folder.path().join("wrong");
    fs::write(&wrong, "1").expect("written");
    fs::set_permissions(&wrong, fs::Permissions::from_mode(0o600)).expect("set");
    let error = refused(&|options| options.pin = KeySource::File(wrong.clone()));
    assert!(matches!(error, Pkcs11Error::Token(_)), "{error}");
    // Started again and again, it would lock a token that allows three tries.
    for pin in [KeySource::File(wrong), options.pin.clone()] {
        let error = refused(&|options| options.pin = pin.clone());
        assert!(matches!(error, Pkcs11Error::WrongPin(_)), "{error}");
    }
    // It still signs, with the right one.
    counted_by_the_oracle(&key);
    assert!(Pkcs11Key::open(&options).is_ok());
}

fn counted_by_the_oracle(key: &DeviceKey) {
    let mut village = Village::new(1);
    let public = key.public();
    let device = (public.device, public.kind);
    let number = village.community.register_meter(0, device, CONNECTION);
    let number = number.expect("registered");
    let page = village.service();
    village.pass_until(page + PAGE);
    // ECDSA in a token draws a number for each signature: half of them have a high s.
    for sequence in 1..=4 {
        let intervals = sequence as u16;
        let profile = Profile {
            meter: number,
            boundary: UnixTime(page + i64::from(intervals) * LENGTH),
            sequence,
            registers: Registers {
                import: WhSum(7 * sequence),
                export: WhSum(0),
            },
            intervals,
            flags: 0,
        };
        let energy = Energy {
            import: Wh(7),
            export: Wh(0),
        };
        let values = vec![energy; intervals.into()];
        let signed = key.sign_profile(&village.community.binding(), &profile, &values);
        let (key, _) = village.put(signed.expect("signed"));
        village.deliver();
        assert!(matches!(village.fate(&key), Fate::Accepted { .. }));
    }
}
