//! Records of chargers.

use joulebook_gateway::adapter::{
    ocmf::{public_key, NoRecord, Record, Said},
    Value,
};
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

/// 2019-08-13 10:03:15 UTC.
const AT: i64 = 1_565_690_595;

fn read(text: &str) -> Result<Said, NoRecord> {
    Record::parse(text).expect("a record").read()
}

/// Seconds since [`AT`], and Wh.
fn values(text: &str) -> Vec<(i64, u64)> {
    let said = read(text).expect("readings");
    let pair = |value: &Value| (value.at - AT, value.registers.import.0);
    said.values.iter().map(pair).collect()
}

#[test]
fn given_a_record_when_read_then_its_registers_are_there_to_the_wh_with_their_times() {
    // The second time is the first one's, with the time since then.
    assert_eq!(values(RECORD), [(0, 259), (21, 259)]);
    let said = read(RECORD).expect("readings");
    assert_eq!(
        (said.serial, said.values[0].registers.export),
        (None, WhSum(0))
    );
    let synchronised = RECORD
        .replace("10:03:36,000+0000 R", "12:03:36,000+0200 S")
        .replace(
            r#""RI":"1-b:1.8.0","RU":"kWh"}]}"#,
            r#""RI":"1-b:1.8.0","RU":"Wh"}]}"#,
        )
        .replace("0.2597", "259.9");
    assert_eq!(values(&synchronised), [(0, 259), (21, 259)]);
    // What is as in the reading before is left out.
    let short = RECORD.replace(
        r#","EF":"","ST":"G","RV":0.2597,"RI":"1-b:1.8.0","RU":"kWh"}]}"#,
        r#","RV":0.7}]}"#,
    );
    assert_eq!(values(&short), [(0, 259), (21, 700)]);
    let serial = RECORD.replace(r#""IS":false"#, r#""MS":"1EMH7""#);
    assert_eq!(
        read(&serial).expect("readings").serial,
        Some("1EMH7".into())
    );
}

#[test]
fn given_a_reading_that_is_not_to_be_used_when_read_then_the_others_count() {
    let first = [(0, 259)];
    for (from, to) in [
        ("+0000 R", "+0000 U"),
        (
            r#""TX":"E","EF":"","ST":"G""#,
            r#""TX":"E","EF":"","ST":"F""#,
        ),
        (r#""TX":"E","EF":"""#, r#""TX":"E","EF":"E""#),
        (r#""TX":"E","EF":"""#, r#""TX":"E","EF":"t""#),
        (r#""TX":"E""#, r#""TX":"X""#),
        (r#""RV":0.2597,"#, ""),
    ] {
        assert_eq!(values(&RECORD.replace(from, to)), first, "{to}");
    }
}

#[test]
fn given_a_register_in_obis_when_read_then_it_is_that_of_energy_drawn_now_and_no_other() {
    let of = |code: &str| read(&RECORD.replace("1-b:1.8.0", code)).map(|said| said.values.len());
    for code in [
        "1-0:1.8.0",
        "1-0:1.8.0*255",
        "01-00:01.08.00*FF",
        "1-1:1.8.0*ff",
    ] {
        assert_eq!(of(code), Ok(2), "{code}");
    }
    for code in [
        "1-0:1.8.0*00",
        "1-0:1.8.0*1",
        "1-0:1.8.0*",
        "1-0:1.8.0*255*255",
        "1-0:1.8.1",
        "1-0:2.8.0",
        "7-0:1.8.0",
        "1.8.0",
        "",
    ] {
        assert_eq!(of(code), Err(NoRecord::NoReading), "{code}");
    }
    let two = RECORD.replacen("1-b:1.8.0", "1-1:1.8.0", 1);
    assert_eq!(read(&two), Err(NoRecord::SeveralRegisters));
}

#[test]
fn given_a_record_that_says_two_things_when_read_then_nothing_of_it_is_believed() {
    for (from, to) in [
        (r#""RV":0.2596"#, r#""RV":0.2596,"RV":0.2"#),
        (r#""RV":0.2596"#, r#""RV":0.2596,"\u0052V":0.2"#),
        (r#""FV":"1.0""#, r#""FV":"1.0","ZZ":{"a":[{"b":1,"b":2}]}"#),
        (r#""FV":"1.0""#, r#""FV":"1.0","RD":[]"#),
        (r#""IT":"NONE""#, r#""IT":"NONE","IT":"EMAID""#),
    ] {
        let Err(NoRecord::Json { part, reason }) = read(&RECORD.replace(from, to)) else {
            panic!("{to}");
        };
        assert!(
            part == "payload" && reason.contains("stands twice"),
            "{reason}"
        );
    }
    let fell = RECORD.replace("0.2597", "0.2");
    assert_eq!(read(&fell), Err(NoRecord::Disordered));
    let back = RECORD.replace("10:03:36", "10:03:14");
    assert_eq!(read(&back), Err(NoRecord::Disordered));
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
    for (from, to) in [
        (r#""ST":"G""#, r#""ST":"F""#),
        ("1-b:1.8.0", "1-b:2.8.0"),
        ("kWh", "m3"),
        ("2019-08-13T", "2019-13-13T"),
        ("0.259", "-0.259"),
    ] {
        assert_eq!(
            read(&RECORD.replace(from, to)),
            Err(NoRecord::NoReading),
            "{to}"
        );
    }
}
