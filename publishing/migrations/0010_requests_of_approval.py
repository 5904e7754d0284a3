"""Submissions and approvals become requests and decisions, each row of them."""

from collections import defaultdict

from django.db import migrations

KIND = "post"
AT_ONCE = 500  # posts


def _batches(rows, size):
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def move(apps, schema_editor):
    Submission, Approval = apps.get_model("publishing", "Submission"), apps.get_model("publishing", "Approval")
    touched = set(Submission.objects.values_list("post_id", flat=True))
    touched |= set(Approval.objects.values_list("post_id", flat=True))
    for posts in _batches(sorted(touched), AT_ONCE):
        _move(apps, posts)


def _move(apps, ids):
    Request, Decision = apps.get_model("approvals", "Request"), apps.get_model("approvals", "Decision")
    submitted, given = defaultdict(list), defaultdict(list)
    for row in apps.get_model("publishing", "Submission").objects.filter(post__in=ids).order_by("pk"):
        submitted[row.post_id].append(row)
    for row in apps.get_model("publishing", "Approval").objects.filter(post__in=ids).order_by("pk"):
        given[row.post_id].append(row)
    requests, decided = [], []
    for post in apps.get_model("publishing", "Post").objects.filter(pk__in=ids).order_by("pk"):
        rows = [(one, []) for one in submitted[post.pk]]
        for approval in given[post.pk]:
            _asked_for(rows, approval, post)[1].append(approval)
        newest = max((one.pk for one in submitted[post.pk]), default=None)
        for one, approvals in rows:
            requests.append(
                Request(
                    kind=KIND,
                    subject_id=post.pk,
                    unit_id=post.unit_id,
                    state=_state(post, one, approvals, one.pk == newest),
                    by_id=one.by_id,
                    at=one.at,
                    content=one.content,
                    content_hash=one.content_hash,
                    remark=one.remark,
                )
            )
            decided.append(approvals)
    Request.objects.bulk_create(requests, batch_size=1000)
    Decision.objects.bulk_create(
        [
            Decision(
                request=request,
                outcome="approved",
                by_id=one.by_id,
                at=one.at,
                planned_for=one.planned_for,
                void_at=one.void_at,
                void_reason=one.void_reason,
            )
            for request, approvals in zip(requests, decided)
            for one in approvals
        ],
        batch_size=1000,
    )


def _asked_for(rows, approval, post):
    """The newest submission of what was approved, by then; where none is left, the approval speaks for itself."""
    for row in reversed(rows):
        if row[0].content_hash == approval.content_hash and (row[0].at is None or row[0].at <= approval.at):
            return row
    alone = type(approval)(post_id=post.pk, by_id=post.author_id, at=approval.at, content_hash=approval.content_hash)
    alone.content, alone.remark = {}, ""
    rows.append((alone, []))
    return rows[-1]


def _state(post, submission, approvals, is_newest):
    if any(one.void_at is None for one in approvals):
        return "cleared"
    if is_newest and post.state == "in_review":
        return "open"
    if submission.remark:
        return "rejected" if is_newest and post.state == "rejected" else "changes_requested"
    return "void"


class Migration(migrations.Migration):
    dependencies = [("publishing", "0009_refusals_as_sentences"), ("approvals", "0001_initial")]
    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
