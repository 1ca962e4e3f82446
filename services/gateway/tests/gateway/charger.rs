//! Records of chargers.

use joulebook_gateway::adapter::{
    ocmf::{public_key, NoRecord, Record},
    Value,
};
use joulebook_metering::register::Registers;
use joulebook_units::WhSum;

/// A record of a KEBA P30 and its key, as the transparency software of S.A.F.E. e. V. has them among its examples.
const RECORD: &str = concat!(
    r#"OCMF|{"FV":"1.0","GI":"KEBA_KCP30","GS":"17619300","GV":"2.8.5","PG":"T32","IS":false,"IL":"NONE","#,
    r#""IF":["RFID_NONE","OCPP_NONE","ISO15118_NONE","PLMN_NONE"],"IT":"NONE","ID":"","#,
    r#""RD":[{"TM":"2019-08-13T10:03:15,000+0000 I","TX":"B","EF":"","ST":"G","RV":0.2596,"RI":"1-b:1.8.0","RU":"kWh"},"#,
    r#"{"TM":"2019-08-13T10:03:36,000+0000 R","TX":"E","EF":"","ST":"G","RV":0.2597,"RI":"1-b:1.8.0","RU":"kWh"}]}"#,
    r#"|{"SD":"304502200E2F107C987A300AC1695CA89EA149A8CDFA16188AF0A33EE64B67964AA943F9"#,
    r#"022100889A72B6D65364BEA8562E7F6A0253157ACFF84FE4929A93B5964D23C4265699"}"#
);
const KEY: &str = concat!(
    "3059301306072A8648CE3D020106082A8648CE3D030107034200043AEEB45C392357820A58FDFB",
    "0857BD77ADA31585C61C430531DFA53B440AFBFDD95AC887C658EA55260F808F55CA948DF235C2",
    "108A0D6DC7D4AB1A5E1A7955BE"
);

#[test]
fn given_a_record_of_a_charger_when_verified_then_its_own_key_has_signed_it_and_no_other() {
    let record = Record::parse(RECORD).expect("a record");
    assert!(record.is_signed_by(&public_key(KEY).expect("a key")));
    let point = &KEY[52..];
    assert!(record.is_signed_by(&public_key(point).expect("a bare point")));
    let other = joulebook_sim::SecureElement::new([5; 32]).public_key();
    let other: String = other.iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(!record.is_signed_by(&public_key(&other).expect("a key")));
    let bent = RECORD.replace("0.2596", "0.2595");
    let bent = Record::parse(&bent).expect("a record");
    assert!(!bent.is_signed_by(&public_key(KEY).expect("a key")));
}

#[test]
fn given_a_record_when_read_then_the_last_register_with_a_clock_that_is_known_counts_to_the_wh() {
    // The second reading's time counts from the first one's on: it is not the clock's.
    let value = Record::parse(RECORD).expect("a record").value();
    let registers = Registers {
        import: WhSum(259),
        export: WhSum(0),
    };
    // 2019-08-13 10:03:15 UTC.
    let at = 1_565_690_595;
    assert_eq!(value, Ok(Value { at, registers }));
    let synchronised = RECORD
        .replace("10:03:36,000+0000 R", "12:03:36,000+0200 S")
        .replace(
            r#""RI":"1-b:1.8.0","RU":"kWh"}]}"#,
            r#""RI":"01-00:01.08.00*FF","RU":"Wh"}]}"#,
        )
        .replace("0.2597", "259.9");
    let value = Record::parse(&synchronised).expect("a record").value();
    assert_eq!(
        value,
        Ok(Value {
            at: at + 21,
            registers
        })
    );
}

#[test]
fn given_what_is_no_such_record_when_parsed_then_it_is_said_why() {
    let of = |text: &str| Record::parse(text).err();
    assert_eq!(of("OCMF|{}"), Some(NoRecord::Form));
    assert_eq!(of("{}|{}"), Some(NoRecord::Form));
    assert_eq!(
        of(&format!("OCMF|{{{}|{{}}", " ".repeat(70_000))),
        Some(NoRecord::Form)
    );
    assert!(matches!(
        of("OCMF|{}|{}"),
        Some(NoRecord::Json {
            part: "signature",
            ..
        })
    ));
    let curve = r#"OCMF|{}|{"SA":"ECDSA-secp192r1-SHA256","SD":"00"}"#;
    assert_eq!(
        of(curve),
        Some(NoRecord::Algorithm("ECDSA-secp192r1-SHA256".into()))
    );
    for garbage in [
        "",
        "zz",
        "3006020101020100",
        "30",
        "300602010102010100",
        "3082ffff",
    ] {
        let text = format!(r#"OCMF|{{}}|{{"SD":"{garbage}"}}"#);
        assert_eq!(of(&text), Some(NoRecord::Signature), "{garbage}");
    }
    let value = |text: &str| Record::parse(text).expect("a record").value();
    for (from, to) in [
        (r#""ST":"G""#, r#""ST":"F""#),
        ("1-b:1.8.0", "1-b:2.8.0"),
        ("+0000 I", "+0000 U"),
        ("kWh", "m3"),
        ("2019-08-13T10:03:15", "2019-13-13T10:03:15"),
        ("0.2596", "-0.2596"),
    ] {
        assert_eq!(
            value(&RECORD.replace(from, to)),
            Err(NoRecord::NoReading),
            "{to}"
        );
    }
}
