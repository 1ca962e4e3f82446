use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{
    parse::ParseStream, Error, Expr, Field, GenericArgument, Ident, ItemStruct, PathArguments,
    Result, Token, Type,
};

/// A field that can be taken where it lies.
struct HotField {
    name: Ident,
    /// Its hot type.
    ty: TokenStream,
    constraints: Vec<Constraint>,
}

/// What `constraint = holds @ fault` says.
struct Constraint {
    holds: Expr,
    fault: Expr,
}

/// What a field's `#[account(…)]` says, if a hot account can say it.
#[derive(Default)]
struct Attribute {
    is_mut: bool,
    constraints: Vec<Constraint>,
}

pub fn expand(item: &ItemStruct) -> TokenStream {
    let fields = item.fields.iter().map(hot_field);
    let hot = fields
        .collect::<Option<Vec<_>>>()
        .map(|fields| hot_form(item, &fields));
    quote! {
        #[derive(Accounts)]
        #item
        #hot
    }
}

/// What `Hot<…>` takes.
fn hot_form(item: &ItemStruct, fields: &[HotField]) -> TokenStream {
    let (name, visibility) = (&item.ident, &item.vis);
    let taken = format_ident!("{name}Taken");
    let names: Vec<_> = fields.iter().map(|field| &field.name).collect();
    let types = fields.iter().map(|field| &field.ty);
    let constraints = fields.iter().flat_map(|field| &field.constraints);
    let checks = constraints.map(|Constraint { holds, fault }| {
        quote! {
            if !(#holds) {
                return Err(#fault.into());
            }
        }
    });
    quote! {
        #visibility struct #taken {
            #(pub #names: #types,)*
        }

        impl joulebook_common::hot::HotAccounts for #name<'_> {
            type Taken = #taken;

            #[inline(always)]
            #[allow(unused_variables, reason = "not every account has a constraint")]
            fn take(
                accounts: &mut joulebook_common::hot::Accounts,
            ) -> anchor_lang::Result<#taken> {
                let taken = #taken {
                    #(#names: joulebook_common::hot::TakeAccount::take(accounts)?,)*
                };
                let #taken { #(#names,)* } = &taken;
                #(#checks)*
                Ok(taken)
            }
        }
    }
}

fn hot_field(field: &Field) -> Option<HotField> {
    let Type::Path(path) = &field.ty else {
        return None;
    };
    let last = path.path.segments.last()?;
    let attribute = attribute(field).ok()?;
    let ty = match last.ident.to_string().as_str() {
        "Signer" if !attribute.is_mut => quote! { joulebook_common::hot::Signer },
        "AccountLoader" => {
            let PathArguments::AngleBracketed(arguments) = &last.arguments else {
                return None;
            };
            let GenericArgument::Type(held) = arguments.args.last()? else {
                return None;
            };
            match attribute.is_mut {
                true => quote! { joulebook_common::hot::Writable<#held> },
                false => quote! { joulebook_common::hot::Readable<#held> },
            }
        }
        _ => return None,
    };
    Some(HotField {
        name: field.ident.clone()?,
        ty,
        constraints: attribute.constraints,
    })
}

/// # Errors
/// For whatever a hot account can't say: `init`, `seeds`, `close`, …
fn attribute(field: &Field) -> Result<Attribute> {
    let mut all = Attribute::default();
    for attribute in &field.attrs {
        if attribute.path().is_ident("account") {
            attribute.parse_args_with(|input: ParseStream| parse(input, &mut all))?;
        } else if !attribute.path().is_ident("doc") {
            return Err(Error::new_spanned(attribute, "not of a hot account"));
        }
    }
    Ok(all)
}

fn parse(input: ParseStream, all: &mut Attribute) -> Result<()> {
    while !input.is_empty() {
        if input.parse::<Option<Token![mut]>>()?.is_some() {
            all.is_mut = true;
        } else {
            let key: Ident = input.parse()?;
            if key != "constraint" {
                return Err(Error::new_spanned(key, "not of a hot account"));
            }
            input.parse::<Token![=]>()?;
            let holds = input.parse()?;
            input.parse::<Token![@]>()?;
            let fault = input.parse()?;
            all.constraints.push(Constraint { holds, fault });
        }
        input.parse::<Option<Token![,]>>()?;
    }
    Ok(())
}
