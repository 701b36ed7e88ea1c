//! What ids and labels are as values of messages.

use crate::id::user::{UserId, UserRef};
use crate::id::{
    AppId, ConsumerId, ConsumptionId, CountryCode, GroupId, Label, LicenseId, OfferId, PlanId, PublisherId, QuotaId,
    RecordId, RequestId, TenantId, TicketId,
};
use crate::message::value::values;

values! { Id: PublisherId, OfferId, AppId, PlanId, QuotaId, TenantId, UserId, UserRef<'_>, GroupId, ConsumptionId, ConsumerId }
values! { Name: Label }
values! { Hash: LicenseId, TicketId, RecordId, RequestId }
values! { Literal: CountryCode }
