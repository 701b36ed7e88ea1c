//! Whom a person who is the whole tenant asks about a purchase.

use crate::message::wordings;

wordings! {
    INDIVIDUAL_CONTACT = "individual.contact", "Contact the vendor to buy or renew.";
    INDIVIDUAL_CONTACT_ABOUT = "individual.contact-about", "Contact the vendor to buy or renew: {plans}.";
}
