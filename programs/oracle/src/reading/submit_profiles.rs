use anchor_lang::prelude::*;

use super::{intake::Intake, signature::is_signed, ReadingOutcome, SignedProfile, SubmitReadings};

pub fn submit_profiles(ctx: Context<SubmitReadings>, profiles: Vec<SignedProfile>) -> Result<()> {
    let SubmitReadings { meter_table, page } = &ctx.accounts;
    Intake::process(meter_table, page, &profiles, |intake, signed| {
        let profile = signed.profile();
        let head = profile.head(&intake.binding);
        let message = [&head[..], &signed.values];
        ReadingOutcome {
            meter: signed.meter,
            result: intake.take_profile(&profile, &signed.values, |meter| {
                is_signed(meter, &signed.signature, &message)
            }),
        }
    })
}
