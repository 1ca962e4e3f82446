use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};
use joulebook_metering::message::{Profile, PROFILE_HEAD_LEN};

use super::{
    intake::Intake,
    precompile::{Check, Checked},
    ReadingOutcome, ReadingResult,
};
use crate::{
    errors::OracleError,
    state::{IntervalPage, MeterTable},
};

#[accounts]
pub struct SubmitCheckedProfiles<'info> {
    #[account(mut)]
    pub meter_table: AccountLoader<'info, MeterTable>,
    #[account(mut, constraint = page.load()?.meter_table == meter_table.address() @ OracleError::WrongMeterTable)]
    pub page: AccountLoader<'info, IntervalPage>,
    /// CHECK: by its address.
    #[account(address = solana_instructions_sysvar::ID)]
    pub instructions: UncheckedAccount<'info>,
}

pub fn submit_checked_profiles(ctx: Context<SubmitCheckedProfiles>) -> Result<()> {
    let SubmitCheckedProfiles {
        meter_table,
        page,
        instructions,
    } = &ctx.accounts;
    let check = Check::before(instructions)?;
    let messages = check.messages()?;
    Intake::process(meter_table, page, &messages, take)
}

/// What was signed for another table, program or cluster, or is no profile, is of no meter here.
fn take(intake: &mut Intake, signed: &Checked) -> ReadingOutcome {
    let parts = signed.message.split_first_chunk::<PROFILE_HEAD_LEN>();
    let profile = parts.and_then(|(head, values)| {
        let profile = Profile::parse(head, &intake.binding)?;
        Some((profile, values))
    });
    let Some((profile, values)) = profile else {
        return ReadingOutcome {
            meter: u32::MAX,
            result: ReadingResult::UnknownMeter,
        };
    };
    let result = intake.take_profile(&profile, values, |meter| signed.is_of(meter));
    ReadingOutcome {
        meter: profile.meter,
        result,
    }
}
