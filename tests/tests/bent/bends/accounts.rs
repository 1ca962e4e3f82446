//! Its accounts: others, in another sequence, fewer, more, with other flags.

use solana_address::Address;
use solana_instruction::AccountMeta;

use super::Bender;

type Accounts = Vec<AccountMeta>;

impl Bender<'_, '_> {
    pub(super) fn bend_accounts(&mut self, accounts: &mut Accounts) -> String {
        let at = self.random.below(accounts.len() as u64) as usize;
        let how = match self.random.below(100) {
            0..19 => self.twin(accounts, at),
            19..25 => self.other_person(accounts),
            25..29 => self.all_twins(accounts),
            29..36 => self.other_market(accounts),
            36..47 => self.forged(accounts, at),
            47..58 => self.another(accounts, at),
            58..66 => self.signer(accounts),
            66..76 => self.flags(accounts, at),
            76..83 => self.swapped(accounts, at),
            83..91 => self.doubled(accounts, at),
            91..96 => self.fewer(accounts, at),
            _ => self.more(accounts, at),
        };
        self.without_impossible_signatures(accounts);
        how
    }

    /// Another community's, another market's, another slot's, another participant's.
    fn twin(&mut self, accounts: &mut Accounts, at: usize) -> String {
        let address = accounts[at].pubkey;
        let counterparts = self.pool.counterparts(&address);
        if !counterparts.is_empty() && self.random.percent(50) {
            let by = self.random.pick(&counterparts);
            return replace(accounts, at, by, "another market's");
        }
        let twins = self.pool.twins(&self.stage.svm, &address);
        if twins.is_empty() {
            return self.another(accounts, at);
        }
        let twin = self.random.pick(&twins);
        replace(accounts, at, twin, "its twin")
    }

    /// So that most of them go together.
    fn all_twins(&mut self, accounts: &mut Accounts) -> String {
        let spared = self.random.below(accounts.len() as u64) as usize;
        let others = (0..accounts.len()).filter(|at| *at != spared);
        let all: Vec<String> = others.map(|at| self.twin(accounts, at)).collect();
        all.join(", ")
    }

    /// All that is one market's, and its community's, becomes another's, but for an account or two.
    fn other_market(&mut self, accounts: &mut Accounts) -> String {
        let to = self.random.pick(&self.pool.markets);
        let mut left = vec![];
        for (at, meta) in accounts.iter_mut().enumerate() {
            let Some(place) = self.pool.place(&meta.pubkey) else {
                continue;
            };
            match self.random.percent(80) {
                true => meta.pubkey = to[place],
                false => left.push(at),
            }
        }
        format!("of the market {}, but for accounts {left:?}", to[2])
    }

    /// Wherever a wallet or its participant account stand, somebody else's do.
    fn other_person(&mut self, accounts: &mut Accounts) -> String {
        let people = self.pool.people(&self.stage.svm, self.idl);
        let is_named = |address: &Address| accounts.iter().any(|meta| meta.pubkey == *address);
        let named = people.iter().filter(|person| person.iter().any(is_named));
        let named: Vec<[Address; 2]> = named.copied().collect();
        if named.is_empty() {
            return self.signer(accounts);
        }
        let (was, by) = (self.random.pick(&named), self.random.pick(&people));
        for (was, by) in was.into_iter().zip(by) {
            for meta in accounts.iter_mut().filter(|meta| meta.pubkey == was) {
                meta.pubkey = by;
            }
        }
        format!("instead of {} it is {}", was[0], by[0])
    }

    fn another(&mut self, accounts: &mut Accounts, at: usize) -> String {
        let by = match self.random.below(10) {
            0..6 => self.random.pick(&self.pool.addresses),
            6..9 => self.random.pick(&self.pool.system),
            _ => Address::new_from_array([self.random.below(256) as u8; 32]),
        };
        replace(accounts, at, by, "another")
    }

    /// A copy that the program did not make.
    fn forged(&mut self, accounts: &mut Accounts, at: usize) -> String {
        match self.forge(&accounts[at].pubkey) {
            Some((forged, how)) => replace(accounts, at, forged, how),
            None => self.another(accounts, at),
        }
    }

    /// Somebody else signs.
    fn signer(&mut self, accounts: &mut Accounts) -> String {
        let signing = (0..accounts.len()).filter(|at| accounts[*at].is_signer);
        let signing: Vec<usize> = signing.collect();
        if signing.is_empty() {
            let at = self.random.below(accounts.len() as u64) as usize;
            return self.twin(accounts, at);
        }
        let at = self.random.pick(&signing);
        let (before, by) = (accounts[at].pubkey, self.random.pick(&self.pool.signers));
        // Wherever it stands, or where it signs alone.
        if self.random.percent(50) {
            for meta in accounts.iter_mut().filter(|meta| meta.pubkey == before) {
                meta.pubkey = by;
            }
        }
        replace(accounts, at, by, "another signer")
    }

    fn flags(&mut self, accounts: &mut Accounts, at: usize) -> String {
        let meta = &mut accounts[at];
        match self.random.below(10) {
            0..4 => meta.is_writable = false,
            4..6 => meta.is_writable = true,
            6..9 => meta.is_signer = false,
            _ => meta.is_signer = true,
        }
        let (writable, signer) = (meta.is_writable, meta.is_signer);
        format!("account {at} is writable: {writable}, signs: {signer}")
    }

    fn swapped(&mut self, accounts: &mut Accounts, at: usize) -> String {
        let with = self.random.below(accounts.len() as u64) as usize;
        accounts.swap(at, with);
        if self.random.percent(50) {
            // Each place keeps its flags.
            let (one, other) = (flags_of(&accounts[at]), flags_of(&accounts[with]));
            set_flags(&mut accounts[at], other);
            set_flags(&mut accounts[with], one);
        }
        format!("accounts {at} and {with} swapped")
    }

    fn doubled(&mut self, accounts: &mut Accounts, at: usize) -> String {
        let by = self.random.below(accounts.len() as u64) as usize;
        let address = accounts[by].pubkey;
        replace(accounts, at, address, "the same as another")
    }

    fn fewer(&mut self, accounts: &mut Accounts, at: usize) -> String {
        if self.random.percent(50) {
            accounts.truncate(at);
            return format!("{at} accounts only");
        }
        accounts.remove(at);
        format!("account {at} is missing")
    }

    fn more(&mut self, accounts: &mut Accounts, at: usize) -> String {
        let address = self.random.pick(&self.pool.addresses);
        let meta = AccountMeta::new(address, self.random.percent(30));
        let at = match self.random.percent(50) {
            true => at,
            false => accounts.len(),
        };
        accounts.insert(at, meta);
        format!("{address} inserted as account {at}")
    }

    /// Only who has a key, or a program, can sign.
    fn without_impossible_signatures(&self, accounts: &mut Accounts) {
        for meta in accounts.iter_mut().filter(|meta| meta.is_signer) {
            meta.is_signer = self.pool.signers.contains(&meta.pubkey);
        }
    }
}

fn replace(accounts: &mut Accounts, at: usize, by: Address, what: &str) -> String {
    let before = std::mem::replace(&mut accounts[at].pubkey, by);
    format!("account {at}, {before}, is {what}: {by}")
}

fn flags_of(meta: &AccountMeta) -> (bool, bool) {
    (meta.is_writable, meta.is_signer)
}

fn set_flags(meta: &mut AccountMeta, (is_writable, is_signer): (bool, bool)) {
    meta.is_writable = is_writable;
    meta.is_signer = is_signer;
}
