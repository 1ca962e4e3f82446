use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{
    spanned::Spanned, Attribute, Error, FnArg, GenericArgument, Ident, Item, ItemFn, ItemMod, Pat,
    PathArguments, Result, Type,
};

/// A function of the program that takes a `Hot` context.
struct HotInstruction {
    name: Ident,
    /// Cold ones have the context named so, too.
    context: Ident,
    accounts: Ident,
    /// Names and types of what follows the context.
    arguments: Vec<(Ident, Type)>,
    docs: Vec<Attribute>,
}

pub fn expand(item: ItemMod) -> Result<TokenStream> {
    let Some((_, items)) = &item.content else {
        return Err(Error::new(item.span(), "a program is a module with a body"));
    };
    let mut hot = Vec::new();
    let mut rest = Vec::new();
    for each in items {
        match each {
            Item::Fn(function) => match hot_instruction(function)? {
                Some(instruction) => hot.push((instruction, function)),
                None => rest.push(each),
            },
            _ => rest.push(each),
        }
    }
    let (name, visibility) = (&item.ident, &item.vis);
    let described = hot.iter().map(|(instruction, _)| describe(instruction));
    let functions = hot.iter().map(|(_, function)| function);
    let consts = hot.iter().map(|(instruction, _)| {
        let text = instruction.name.to_string();
        let name = const_name(instruction);
        quote! { const #name: u64 = joulebook_common::hot::discriminator(concat!("global:", #text)); }
    });
    let arms = hot.iter().map(|(instruction, _)| arm(instruction));
    Ok(quote! {
        #[cfg(feature = "idl-build")]
        #[anchor_lang::prelude::program]
        #visibility mod #name {
            #(#described)*
            #(#rest)*
        }

        #[cfg(not(feature = "idl-build"))]
        #[anchor_lang::prelude::program]
        #visibility mod #name {
            #(#rest)*
        }

        #[cfg(all(feature = "entrypoint", not(feature = "cpi")))]
        mod entrypoint {
            use super::*;
            use joulebook_common::hot::{Argument, Arguments, Hot, HotAccounts};

            anchor_lang::solana_program::entrypoint::custom_heap_default!();
            anchor_lang::solana_program::entrypoint::custom_panic_default!();

            #(#consts)*

            #(#[inline(always)] #functions)*

            /// # Safety
            /// The two are what the runtime hands to a program: its input, and where the instruction's data lies in
            /// it, with the length in front (SIMD-0321).
            #[no_mangle]
            pub unsafe extern "C" fn entrypoint(input: *mut u8, data: *const u8) -> u64 {
                // SAFETY: the runtime's.
                let (mut accounts, discriminator, mut arguments) =
                    unsafe { joulebook_common::hot::parts(input, data) };
                let result = match discriminator {
                    #(#arms)*
                    // SAFETY: `input` is the runtime's.
                    _ => return unsafe { joulebook_common::hot::dispatch(input, crate::entry) },
                };
                joulebook_common::hot::answer(result)
            }
        }
    })
}

fn hot_instruction(function: &ItemFn) -> Result<Option<HotInstruction>> {
    let mut inputs = function.sig.inputs.iter();
    let Some((context, first)) = inputs.next().map(named).transpose()? else {
        return Ok(None);
    };
    let Type::Path(path) = &first else {
        return Ok(None);
    };
    let Some(last) = path.path.segments.last().filter(|last| last.ident == "Hot") else {
        return Ok(None);
    };
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return Err(Error::new(last.span(), "say which accounts: Hot<…>"));
    };
    let Some(GenericArgument::Type(Type::Path(accounts))) = arguments.args.last() else {
        return Err(Error::new(last.span(), "say which accounts: Hot<…>"));
    };
    let arguments = inputs.map(named).collect::<Result<Vec<_>>>()?;
    if let Some((_, ty)) = arguments.iter().find(|(_, ty)| hides_a_list(ty)) {
        return Err(Error::new(ty.span(), "a list stands by itself"));
    }
    let before_last = arguments.iter().rev().skip(1);
    if let Some((_, list)) = before_last.into_iter().find(|(_, ty)| is_list(ty)) {
        return Err(Error::new(list.span(), "a list must be the last argument"));
    }
    Ok(Some(HotInstruction {
        name: function.sig.ident.clone(),
        context,
        accounts: accounts.path.require_ident()?.clone(),
        arguments,
        docs: function
            .attrs
            .iter()
            .filter(|attr| attr.path().is_ident("doc"))
            .cloned()
            .collect(),
    }))
}

/// Whether an argument is a list that is read where it lies, or holds one.
fn is_list(ty: &Type) -> bool {
    match ty {
        Type::Reference(reference) => matches!(*reference.elem, Type::Slice(_)),
        Type::Path(path) => {
            path.path
                .segments
                .iter()
                .any(|segment| match &segment.arguments {
                    PathArguments::AngleBracketed(inner) => inner.args.iter().any(
                        |inner| matches!(inner, GenericArgument::Type(inner) if is_list(inner)),
                    ),
                    _ => false,
                })
        }
        _ => false,
    }
}

/// Whether an argument is more than a list, and holds one.
fn hides_a_list(ty: &Type) -> bool {
    is_list(ty) && !matches!(ty, Type::Reference(_))
}

fn named(input: &FnArg) -> Result<(Ident, Type)> {
    match input {
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(pattern) => Ok((pattern.ident.clone(), (*typed.ty).clone())),
            other => Err(Error::new(other.span(), "give the argument a name")),
        },
        FnArg::Receiver(receiver) => Err(Error::new(receiver.span(), "instructions have no self")),
    }
}

/// The instruction as Anchor's description knows it; a list that is read where it lies is a `Vec` there.
fn describe(instruction: &HotInstruction) -> TokenStream {
    let HotInstruction {
        name,
        context,
        accounts,
        arguments,
        docs,
    } = instruction;
    let arguments = arguments.iter().map(|(name, ty)| match ty {
        Type::Reference(reference) => match &*reference.elem {
            Type::Slice(slice) => {
                let element = &slice.elem;
                quote! { #name: Vec<#element> }
            }
            other => quote! { #name: #other },
        },
        other => quote! { #name: #other },
    });
    quote! {
        #(#docs)*
        #[allow(unused_variables, reason = "a description is not called")]
        pub fn #name(#context: Context<#accounts>, #(#arguments),*) -> Result<()> {
            unreachable!("a description is not called")
        }
    }
}

fn const_name(instruction: &HotInstruction) -> Ident {
    format_ident!("{}", instruction.name.to_string().to_uppercase())
}

fn arm(instruction: &HotInstruction) -> TokenStream {
    let (constant, name) = (const_name(instruction), &instruction.name);
    let (accounts, arguments) = (&instruction.accounts, &instruction.arguments);
    let names: Vec<_> = arguments.iter().map(|(name, _)| name).collect();
    quote! {
        Some(#constant) => (|| {
            let context = Hot::<#accounts> { accounts: <#accounts>::take(&mut accounts)? };
            #(let #names = Argument::take(&mut arguments)?;)*
            let _ = &mut arguments;
            #name(context, #(#names),*)
        })(),
    }
}
