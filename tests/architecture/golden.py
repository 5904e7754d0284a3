"""Who may walk which edge under which guard, and which role allows what: written by hand, never read from the code.

A change of `organisation.roles` or of a lifecycle is a change of what an administration may rely on: it is made here
too, knowingly, or the suite stops it.
"""

# edge: states that it leaves -> state that it leads to, by permission ("system": nobody's), if guard
EDGES = """account
    activate: planned -> active, by system, if dossier_approved
    suspend: active -> suspended, by account.manage
    reactivate: suspended -> active, by account.manage, if may_come_back
    close: active suspended -> archived, by account.manage, if may_be_closed

conversation
    take: new -> assigned, by answer.write
    assign: new assigned answered -> assigned, by mention.assign
    answer: new assigned -> answered, by system
    close: new assigned answered -> closed, by mention.assign, if no_answer_under_way
    reopen: closed -> new, by mention.assign, if still_known
    resume: answered closed -> assigned, by system
    renew: answered closed -> new, by system

crisis
    end: declared -> ended, by crisis.lead, if freeze_is_decided

delivery
    claim: due -> sending, by system
    give_back: sending -> due, by system
    retry: sending -> due, by system
    publish: sending -> published, by system
    fail: sending -> failed, by system
    lose: sending -> unknown, by system
    void: due -> cancelled, by system
    stop: due -> failed, by system
    end: due failed expired unknown -> cancelled, by system
    expire: due -> expired, by system
    find: unknown -> published, by system
    clear: unknown -> due, by system
    withdraw_post: due failed expired -> cancelled, by post.schedule, if sends_a_post
    withdraw_answer: due failed expired -> cancelled, by answer.write, if sends_an_answer
    reconfirm_post: failed expired -> due, by post.schedule, if can_still_go_as_post
    reconfirm_answer: failed expired -> due, by answer.write, if can_still_go_as_answer
    confirm_there: unknown -> published, by delivery.resolve
    give_up: unknown -> cancelled, by delivery.resolve

dossier
    submit: draft returned -> submitted, by dossier.write, if complete
    accept: submitted -> in_review, by dossier.check
    return: submitted deferred -> returned, by dossier.check
    defer: in_review -> deferred, by dossier.decide
    resume: deferred -> in_review, by dossier.check
    approve: in_review -> approved, by dossier.decide, if majority_for
    refuse: in_review -> refused, by dossier.decide, if majority_against
    withdraw: draft submitted returned in_review deferred -> withdrawn, by dossier.write

post
    submit: draft changes_requested -> in_review, by post.write, if complete
    approve: in_review -> approved, by post.approve, if approver_of_every_account
    request_changes: in_review -> changes_requested, by post.approve
    reject: in_review -> rejected, by post.approve
    schedule: approved -> scheduled, by post.schedule, if ready
    reschedule: scheduled -> scheduled, by post.schedule, if movable
    unschedule: scheduled -> approved, by post.schedule, if unsent
    expire: approved scheduled -> expired, by system
    resume: expired -> scheduled, by system
    reconfirm: expired -> scheduled, by post.schedule, if movable
    revise: in_review approved -> draft, by post.write, if unsent
    pull_back: scheduled expired -> draft, by post.schedule, if unsent
    replan: approved -> in_review, by post.write, if unsent
    reopen: approved scheduled expired -> in_review, by system
    withdraw: draft in_review changes_requested -> withdrawn, by post.write
    call_off: approved scheduled expired -> withdrawn, by post.schedule, if unsent

source
    pause: active -> paused, by watch.manage
    resume: paused -> active, by watch.manage, if may_be_read
    end: active paused -> ended, by watch.manage
    expire: active paused -> ended, by system

upload
    read: received -> read, by system
    refuse: received -> refused, by system

watch
    activate: draft -> active, by watch.manage, if may_collect
    end: draft active -> ended, by watch.manage
    expire: active -> ended, by system
"""

# Roles, and all that they allow.
ROLES = """
newcomer
    account.view post.view mention.view crisis.view hold.view
    post.write

communication_cell
    account.view post.view mention.view crisis.view hold.view dossier.view watch.view
    post.write post.approve post.schedule delivery.resolve dossier.write

conversation_manager
    account.view post.view mention.view crisis.view hold.view watch.view
    mention.assign answer.write watch.manage delivery.resolve

committee_member
    account.view dossier.view post.view hold.view
    dossier.vote

committee_chair
    account.view dossier.view post.view hold.view
    dossier.vote dossier.check dossier.decide

account_manager
    account.view post.view mention.view crisis.view hold.view dossier.view
    dossier.write account.connect account.manage

spokesperson
    account.view post.view mention.view crisis.view hold.view watch.view
    post.write post.approve post.schedule answer.write delivery.resolve crisis.lead hold.place hold.lift

crisis_cell
    account.view post.view mention.view crisis.view hold.view
    crisis.lead playbook.write hold.place hold.lift

auditor
    account.view post.view mention.view crisis.view hold.view dossier.view watch.view audit.view person.view

administrator
    account.view hold.view audit.view person.view
    person.manage unit.manage admin.site hold.place hold.lift
"""

# A second person confirms these.
CONFIRMED = "communication_cell committee_member committee_chair spokesperson crisis_cell administrator"

# These sign in with a second factor.
SECOND_FACTOR = "communication_cell spokesperson crisis_cell account_manager administrator"
