//! Everyone leaves, and the market closes.

use joulebook_client::market::instructions as market;
use joulebook_sim::{Token, TokenKind};
use spl_token_2022_interface::extension::transfer_fee::instruction::harvest_withheld_tokens_to_mint;

use super::{founding::INITIAL_ATOMS, Checked, Walker};

impl Walker {
    /// Programs go, everyone pays and is paid out; then the market itself.
    pub(super) fn leave(&mut self) -> Checked {
        self.empty_door()?;
        self.reach_the_end()?;
        for who in 0..self.people() {
            if !self.model.is_open(who) && self.random.percent(50) {
                self.open_seat(who)?;
            }
        }
        let seats: Vec<u16> = self.model.open_seats().map(|(seat, _)| seat).collect();
        for seat in &seats {
            let debt = self.model.seats[seat].debt();
            if debt > 0 {
                self.deposit_whole(*seat, debt)?;
            }
        }
        self.close_accounts()?;
        for turn in 0..self.model.turns.len() {
            let claims = self.model.claims_on(turn);
            if claims > 0 {
                self.deposit_whole(self.model.turns[turn].seat, claims)?;
            }
        }
        self.pay_claims()?;
        self.clear_away()?;
        let suppliers = self.latest_suppliers();
        let (last, first): (Vec<u16>, Vec<u16>) =
            seats.into_iter().partition(|seat| suppliers.contains(seat));
        for seat in first.into_iter().chain(last) {
            self.empty(seat)?;
            // Its owner closes it, or anybody.
            let signer = self.anyone();
            self.close_seat(signer, seat)?;
            self.compare()?;
        }
        let fees = self.model.fees;
        if fees % 1000 != 0 {
            return Err(format!("the fees are {fees} milli-atoms, not whole atoms"));
        }
        if fees > 0 {
            self.take_fees(true, (fees / 1000) as u64)?;
        }
        self.compare()?;

        self.count_tokens()?;
        self.harvest()?;
        self.close_market()
    }

    /// At least so many milli-atoms, by the owner of the seat, who comes by what it has not got.
    fn deposit_whole(&mut self, seat: u16, money: i128) -> Checked {
        // A little more, for the token's own fee.
        let atoms = (money / 1000 + 1) as u64 * 11 / 10 + 1;
        let missing = atoms.saturating_sub(self.model.members[&seat].tokens);
        if missing > 0 {
            let tokens = self.person(seat).tokens;
            self.community
                .token
                .mint_to(&mut self.community.chain, &tokens, missing)
                .map_err(|failure| failure.to_string())?;
            let member = self.model.members.get_mut(&seat);
            member.ok_or("nobody has the seat")?.tokens += missing;
        }
        self.deposit_atoms(seat, seat, atoms)
    }

    /// What waits for those who never opened a seat is sent to them. What they owe is dropped by the supplier, or by anybody once
    /// nobody waits for it any more.
    fn clear_away(&mut self) -> Checked {
        for who in 0..self.people() {
            if self.model.is_open(who) {
                continue;
            }
            self.pay_out(who, who)?;
            let anyone = self.anyone();
            self.close_seat(anyone, who)?;
            for supplier in self.latest_suppliers() {
                if !self.model.is_clear(who) && self.random.percent(50) {
                    self.close_seat(supplier, who)?;
                }
            }
            if !self.model.is_clear(who) {
                let lapses_at = self.model.lapses_at();
                self.wait_until(self.model.now.max(lapses_at - 1));
                self.close_seat(anyone, who)?;
                self.wait_until(self.model.now.max(lapses_at));
                self.close_seat(anyone, who)?;
            }
            self.compare()?;
        }
        Ok(())
    }

    /// The market gets an end, and that comes; nobody can close anything before.
    fn reach_the_end(&mut self) -> Checked {
        let last = self.model.last_page.unwrap_or(self.model.now);
        let span = self.model.span();
        let earliest = self.model.notice_over().max(last + 1);
        let end = self.model.page_start(earliest + span - 1);
        for (by_authority, end) in [
            (true, last),
            (true, end + 1),
            (true, end - span),
            (false, end),
            (true, end + span),
            (true, end),
        ] {
            self.end_market(by_authority, end)?;
        }
        let over = end + i64::from(self.model.sizes.correction_seconds);
        self.wait_until(self.model.now.max(over - 1));
        self.pay_out(2, 2)?;
        self.close_page(self.model.page_slot(last))?;
        self.wait_until(self.model.now.max(over));
        if !self.model.has_ended() {
            return Err("the market does not end".to_string());
        }
        self.open_page()?;
        self.end_market(true, end + 4 * span)?;
        self.compare()
    }

    fn end_market(&mut self, by_authority: bool, ends_at: i64) -> Checked {
        let authority = match by_authority {
            true => self.authority(),
            false => self.community.supplier.address(),
        };
        let instruction = self.community.addresses.end_market(authority, ends_at);
        let found = self.govern(instruction, by_authority);
        let predicted = self.model.end_market(by_authority, ends_at);
        self.agree(format!("market ends at {ends_at}"), predicted, found)
            .map(|_| ())
    }

    /// All whole atoms of a seat: its owner takes them, or anybody sends them.
    fn empty(&mut self, seat: u16) -> Checked {
        let whole = (self.model.seats[&seat].free / 1000) as u64;
        if whole > 0 && self.random.percent(50) {
            return self.withdraw_atoms(seat, seat, whole);
        }
        let other = self.anyone();
        if other != seat {
            self.pay_out(seat, other)?;
        }
        self.pay_out(seat, seat)
    }

    fn pay_out(&mut self, seat: u16, to: u16) -> Checked {
        let at = &self.community.addresses;
        let instruction = market::PayOut {
            participant: self.person(seat).participant,
            market: at.market,
            ledger: at.ledger,
            vault: at.vault,
            destination: self.person(to).tokens,
            quote_mint: at.quote_mint,
            token_program: at.token_program,
        }
        .instruction(market::PayOutInstructionArgs { seat });
        let found = self.send(&[instruction], &[]);
        let predicted = self.model.pay_out(seat, to);
        let what = format!("seat {seat} is paid out to {to}");
        self.agree(what, predicted, found).map(|_| ())
    }

    fn close_accounts(&mut self) -> Checked {
        for slot in 0..i64::from(self.model.sizes.books) {
            self.close_book(slot)?;
        }
        for slot in 0..i64::from(self.model.sizes.pages) {
            self.close_page(slot)?;
        }
        Ok(())
    }

    /// All tokens are in the members' accounts, but for what the token's own fee withheld.
    fn count_tokens(&self) -> Checked {
        let chain = &self.community.chain;
        let mut found = Token::withheld(chain, &self.community.addresses.vault);
        for who in 0..self.people() {
            let tokens = &self.person(who).tokens;
            found += Token::balance(chain, tokens) + Token::withheld(chain, tokens);
        }
        let all = self.community.token.supply(chain);
        if found != all || all < INITIAL_ATOMS * u64::from(self.people()) {
            return Err(format!("of {all} atoms only {found} came back"));
        }
        Ok(())
    }

    /// A vault with withheld fees does not close; anyone may send them to their mint.
    fn harvest(&mut self) -> Checked {
        if let TokenKind::Token2022WithFee(_) = self.model.sizes.token {
            let at = &self.community.addresses;
            let harvest =
                harvest_withheld_tokens_to_mint(&at.token_program, &at.quote_mint, &[&at.vault])
                    .map_err(|error| error.to_string())?;
            self.send(&[harvest], &[])
                .map_err(|failure| failure.to_string())?;
        }
        Ok(())
    }
}
