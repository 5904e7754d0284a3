"""Who may do what where, by hand; `test_reach` tries each of it."""

from __future__ import annotations

ACTORS = {
    "head": ("administrator", True),
    "local": ("administrator", False),
    "approver": ("communication_cell", False),
    "chief-approver": ("communication_cell", True),
    "newcomer": ("newcomer", False),
    "inbox": ("conversation_manager", False),
    "chief-inbox": ("conversation_manager", True),
    "accounts": ("account_manager", False),
    "chief-accounts": ("account_manager", True),
    "spokesperson": ("spokesperson", False),
    "cell": ("crisis_cell", False),
    "chief-cell": ("crisis_cell", True),
    "member": ("committee_member", True),
    "chair": ("committee_chair", True),
    "auditor": ("auditor", True),
}

WRITERS = "chief-approver chief-accounts"
# verb: who may on a thing of `here` / of the root / of the unit beside `here`
TABLE = """
take a conversation: inbox chief-inbox spokesperson / chief-inbox / chief-inbox
assign a conversation: inbox chief-inbox / chief-inbox / chief-inbox
take a conversation from a colleague: inbox chief-inbox / chief-inbox / chief-inbox
categorise a conversation: inbox chief-inbox / chief-inbox / chief-inbox
close a conversation: inbox chief-inbox / chief-inbox / chief-inbox
reopen a conversation: inbox chief-inbox / chief-inbox / chief-inbox
describe a watch: inbox chief-inbox / chief-inbox / chief-inbox
change a watch: inbox chief-inbox / chief-inbox / chief-inbox
end a watch: inbox chief-inbox / chief-inbox / chief-inbox
pause a source: inbox chief-inbox / chief-inbox / chief-inbox
end a source: inbox chief-inbox / chief-inbox / chief-inbox
suspend an account: accounts chief-accounts / chief-accounts / chief-accounts
reactivate an account suspended here: accounts chief-accounts / chief-accounts / chief-accounts
reactivate an account suspended above: chief-accounts / chief-accounts / chief-accounts
begin to close an account: accounts chief-accounts / chief-accounts / chief-accounts
begin to close an account suspended above: chief-accounts / chief-accounts / chief-accounts
tick a step of an exit plan: accounts chief-accounts / chief-accounts / chief-accounts
take a step of an exit plan back: accounts chief-accounts / chief-accounts / chief-accounts
close an account: accounts chief-accounts / chief-accounts / chief-accounts
change an account: accounts chief-accounts / chief-accounts / chief-accounts
hand an account over: accounts chief-accounts / chief-accounts / chief-accounts
renew an account: accounts chief-accounts / chief-accounts / chief-accounts
disconnect an account: accounts chief-accounts / chief-accounts / chief-accounts
note a figure: accounts chief-accounts / chief-accounts / chief-accounts
list a third party: accounts chief-accounts / chief-accounts / chief-accounts
strike a third party: accounts chief-accounts / chief-accounts / chief-accounts
set a budget: accounts chief-accounts / chief-accounts / chief-accounts
begin a dossier: approver accounts WRITERS / WRITERS / WRITERS
withdraw a dossier: approver accounts WRITERS / WRITERS / WRITERS
accept a dossier: chair / chair / chair
return a dossier: chair / chair / chair
write a playbook: cell chief-cell / chief-cell / chief-cell
change a playbook: cell chief-cell / chief-cell / chief-cell
declare a crisis: spokesperson cell chief-cell / chief-cell / chief-cell
tick a step: spokesperson cell chief-cell / chief-cell / chief-cell
take a step back: spokesperson cell chief-cell / chief-cell / chief-cell
note in a crisis: spokesperson cell chief-cell / chief-cell / chief-cell
freeze in a crisis: spokesperson cell chief-cell / chief-cell / chief-cell
freeze all in a crisis: chief-cell / chief-cell / chief-cell
thaw a crisis's own freeze: spokesperson cell chief-cell / chief-cell / chief-cell
thaw a freeze placed above: chief-cell / chief-cell / chief-cell
end a crisis: spokesperson cell chief-cell / chief-cell / chief-cell
end a crisis declared above: chief-cell / chief-cell / chief-cell
freeze a unit: head local spokesperson cell chief-cell / head chief-cell / head chief-cell
freeze the organisation: head chief-cell / head chief-cell / head chief-cell
approve a post: approver chief-approver spokesperson / chief-approver / chief-approver
reject a post: approver chief-approver spokesperson / chief-approver / chief-approver
give up an uncertain post: approver chief-approver spokesperson / chief-approver / chief-approver
give up an uncertain answer: inbox chief-inbox spokesperson / chief-inbox / chief-inbox
invite somebody: head local / head / head
suspend somebody: head local / head / head
give somebody a role: head local / head / head
take a role back: head local / head / head
make somebody a link: head local / head / head
"""
