//! The messages of the warnings about access that is allowed.

use crate::decision::Warning;
use crate::message::messages;
use crate::time::End;

messages! {
    Warning;
    Self::InGrace { until: End::Never } => ("warning.in-grace") "warning.in-grace-without-end",
        "the term of the license has ended, and its grace runs: renew it";
    Self::InGrace { until } => "warning.in-grace", "the term of the license has ended: renew it before its grace ends on {until}", until;
    Self::OverAssigned { until: End::Never } => ("warning.over-assigned") "warning.over-assigned-without-end",
        "more seats are assigned than licensed, which is tolerated: buy units or free seats";
    Self::OverAssigned { until } => "warning.over-assigned",
        "more seats are assigned than licensed, which is tolerated until {until}: buy units or free seats before then", until;
    Self::ListWanted { until: End::Never } => ("warning.list-wanted") "warning.list-wanted-without-end",
        "install the latest revocation list, which the publisher provides: the license requires a more recent one";
    Self::ListWanted { until } => "warning.list-wanted",
        "install the latest revocation list, which the publisher provides, before {until}: without it the license gives nothing from \
         then on", until;
    Self::ExpiringSoon { at } => "warning.expiring-soon",
        "the term that covers this user ends on {at}: renew or replace it before then", at;
}
