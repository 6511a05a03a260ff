"""Notes: threads of questions and answers on units."""

from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.api.answers import EventKey
from annotator.core.errors import NotFoundError
from annotator.models import AccessEntry, Note
from annotator.queries.coding import own_unit
from annotator.queries.notes import visible_notes
from annotator.services import access_log
from annotator.services.notes import (
    LONGEST,
    Remark,
    answer_note,
    ask_decision,
    leave_remark,
    reply_to_answer,
    settle_note,
)
from projects.api.fields import Filters, Id, Strict, Text
from projects.api.once import once
from projects.api.reach import caller, member_of
from projects.models import Membership
from projects.permissions import can

READ, ANSWER = "view notes", "answer notes"


class AnswerSerializer(serializers.ModelSerializer[Note]):
    by = serializers.CharField(source="member.pseudonym", read_only=True)

    class Meta:
        model = Note
        fields = ["id", "by", "text", "created_at"]
        read_only_fields = fields


class NoteSerializer(serializers.ModelSerializer[Note]):
    """A note with its answers, or a flag: whoever set it is unsure of the unit."""

    round = serializers.IntegerField(source="round_id", read_only=True)
    article = serializers.IntegerField(source="unit.text_version.article_id", read_only=True)
    unit = serializers.IntegerField(source="unit_id", read_only=True)
    sentence = serializers.IntegerField(source="unit.index", read_only=True)
    by = serializers.CharField(source="member.pseudonym", read_only=True)
    answers = AnswerSerializer(many=True, read_only=True)

    class Meta:
        model = Note
        fields = [
            "id",
            "round",
            "article",
            "unit",
            "sentence",
            "variable",
            "by",
            "text",
            "flag",
            "to_annotators",
            "needs_decision",
            "created_at",
            "settled_at",
            "answers",
        ]
        read_only_fields = fields


class NoteFilters(Filters):
    round = Id(required=False, help_text="Id of a round.")
    settled = serializers.ChoiceField(choices=["0", "1"], required=False, help_text="0 = the open ones alone.")


class NewNote(Strict):
    """A note on a unit of an assignment of one's own, or a flag."""

    event = EventKey(help_text="A new uuid for each note; a repeat of the request uses the same.")
    assignment = Id(help_text="Id of an assignment of the caller's.")
    unit = Id(help_text="Id of a unit of its article.")
    variable = Text(required=False, allow_blank=True, max_length=100)
    text = Text(required=False, max_length=LONGEST, trim_whitespace=False)
    flag = serializers.BooleanField(required=False, help_text="Without a text: set the flag, or lift it.")

    def validate(self, attrs: dict[str, object]) -> dict[str, object]:
        if ("text" in attrs) == ("flag" in attrs):
            raise serializers.ValidationError({"text": ["A note has a text, or sets the flag."]})
        return attrs


class NewAnswer(Strict):
    text = Text(max_length=LONGEST, trim_whitespace=False)


class NoteChange(Strict):
    settled = serializers.BooleanField(required=False)
    needs_decision = serializers.BooleanField(required=False)


class ThreadSerializer(serializers.Serializer[object]):
    unit = serializers.IntegerField()
    flagged = serializers.BooleanField()


class NoteList(generics.GenericAPIView[Note]):
    """For those who answer notes the ones of all, else one's own and those written to annotators; oldest first."""

    serializer_class = NoteSerializer
    queryset = Note.objects.none()

    @extend_schema(operation_id="notes_list", parameters=[NoteFilters], responses=NoteSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        query = NoteFilters.of(request)
        member = member_of(request, slug, READ)
        found = visible_notes(member, of_all=can(member, ANSWER))
        if "round" in query:
            found = found.filter(round_id=query["round"])
        if "settled" in query:
            found = found.filter(settled_at__isnull=query["settled"] == "0")
        rows = self.paginate_queryset(found) or []
        _note_others(member, rows)
        return self.get_paginated_response(NoteSerializer(rows, many=True).data)

    @extend_schema(operation_id="notes_create", request=NewNote, responses={201: ThreadSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Leave a note or a flag; a repeat with the same `event` is stored once."""
        member_of(request, slug, "annotate")
        sent = NewNote.of(request)
        assignment, unit = own_unit(caller(request).pk, sent["assignment"], sent["unit"], slug=slug)
        remark = Remark(sent.get("text", ""), sent.get("variable", ""), sent.get("flag", False))
        thread = leave_remark(assignment=assignment, unit=unit, uuid=sent["event"], remark=remark)
        return Response({"unit": thread.unit, "flagged": thread.flagged}, status=201)


class NoteDetail(APIView):
    @extend_schema(responses=NoteSerializer)
    def get(self, request: Request, slug: str, note_id: int) -> Response:
        """One thread."""
        return _told(member_of(request, slug, READ), note_id)

    @extend_schema(request=NoteChange, responses=NoteSerializer)
    def patch(self, request: Request, slug: str, note_id: int) -> Response:
        """Settle a thread or open it again, for those who answer; say whether it needs a decision."""
        member = member_of(request, slug, READ)
        sent = NoteChange.of(request)
        if "settled" in sent:
            settle_note(member=member, note_id=note_id, settled=sent["settled"])
        if "needs_decision" in sent:
            ask_decision(member=member, note_id=note_id, wanted=sent["needs_decision"])
        return _told(member, note_id)


class NoteAnswers(APIView):
    @extend_schema(operation_id="notes_answer", request=NewAnswer, responses={201: NoteSerializer})
    @once
    def post(self, request: Request, slug: str, note_id: int) -> Response:
        """Answer a note, which settles it; whoever asked says more in his own thread, which opens it again."""
        member = member_of(request, slug, READ)
        act = answer_note if can(member, ANSWER) else reply_to_answer
        act(member=member, note_id=note_id, text=NewAnswer.of(request)["text"])
        return _told(member, note_id, 201)


def _told(member: Membership, note_id: int, status: int = 200) -> Response:
    note = visible_notes(member, of_all=can(member, ANSWER)).filter(pk=note_id).first()
    if note is None:
        raise NotFoundError("There is no such note.")
    _note_others(member, [note])
    return Response(NoteSerializer(note).data, status=status)


def _note_others(member: Membership, rows: list[Note]) -> None:
    if can(member, ANSWER):
        rounds = [note.round_id for note in rows if note.member_id != member.pk]
        access_log.note(member=member, rounds=rounds, what=AccessEntry.What.NOTES)
