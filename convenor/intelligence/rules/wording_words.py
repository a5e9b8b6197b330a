"""The words that a soft signal is held against: data, so that a partnership can read and mend them.

Patterns are regular expressions over tidied text, parted by semicolons and matched without regard to capitals unless a list
says otherwise. Each judging word comes with the question that is put back to the writer.
"""

from __future__ import annotations

from typing import Final


def _patterns(text: str) -> tuple[str, ...]:
    return tuple(" ".join(each.split()) for each in text.split(";"))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: How a person is addressed. A title followed by a capital letter is a person, whoever they are.
TITLES: Final = _patterns(
    r"""
    mr; mrs; ms; miss; mx; dr; sir; dame; lord; lady; prof; professor; rev; revd; reverend; fr; father; sister; canon; rabbi; imam;
    cllr; councillor; madam
    """
)

#: Words that mean one person. "They" is not among them: a school's staff are they.
PRONOUNS: Final = _patterns(
    r"""
    he; she; him; his; her; hers; himself; herself; s/he; he's; she's; he'd; she'd; he'll; she'll
    """
)

#: One holder of a role at a school. Allowed only where the clause says that the post stands empty or is filled for a time.
ROLE_HOLDERS: Final = _patterns(
    r"""
    head ?teacher; executive head; co-?head; acting head; interim head; head of school; head of year; head of department; principal;
    vice[- ]principal; deputy; deputy head; assistant head; chief executive; ceo; chair; chair of (?:governors|trustees); clerk;
    business manager; bursar; senco; sendco; safeguarding lead; dsl; class teacher; subject leader; year leader; caretaker; site
    manager; teaching assistant; head
    """
)

#: One member of a group, which is a person all the same.
_ONE: Final = r"(?:a|an|one|the|this|that|another|our|their) (?:new |young |senior |former |certain |named |particular )?"
_MEMBER: Final = (
    r"(?:teacher|governor|trustee|pupil|child|boy|girl|student|learner|parent|mother|father|carer|colleague|person|man|woman|tutor|nurse|baby|"
    r"family|leader|staff member|member of (?:the )?(?:staff|senior team|leadership team))"
)
ONE_PERSON: Final = (_ONE + _MEMBER,)

#: What says that a post, and not the one who holds it, is spoken of.
ABOUT_THE_POST: Final = _patterns(
    r"""
    vacan(?:t|cy|cies); unfilled; not (?:yet )?(?:been )?filled; re-?advertis(?:ed|ing|e); advertis(?:ed|ing|ement);
    recruit(?:ing|ment); stands empty; no permanent; without an? (?:permanent )?(?:head|chair|clerk|deputy|senco); interim post;
    acting post; post (?:of|for)
    """
)

#: A person's health or absence is nobody's business here, whoever is meant.
HEALTH: Final = _patterns(
    r"""
    off sick; sick leave; long[- ]term sick; sickness absence; off work; signed off; unwell; ill; illness; ill[- ]health; sick;
    stress(?:ed)?; nervous breakdown; burn(?:t|ed)[- ]?out; burnout; depress(?:ed|ion); anxiety; cancer; surgery; pregnan(?:t|cy);
    maternity; paternity; miscarriage; bereave(?:d|ment); disabilit(?:y|ies); disabled; alcohol(?:ic|ism)?; drinking problem;
    addict(?:ed|ion); divorc(?:e|ed|ing); menopaus(?:e|al); hospital(?:ised)?; phased return; occupational health; compassionate
    leave; medical(?:ly)?; diagnos(?:is|ed); mental(?:ly)? (?:ill|health problems)
    """
)

#: What must go to those who protect children, at once and not by this way.
SAFEGUARDING: Final = _patterns(
    r"""
    abus(?:e|ed|ing); groom(?:ed|ing); child neglect; neglected child(?:ren)?; assault(?:ed)?; allegations?; at risk of harm; harmed;
    disclos(?:ed|ure); lado; indecent; exploit(?:ed|ation); self[- ]harm(?:ed|ing)?; radicalis(?:ed|ation); bruis(?:e|es|ed|ing);
    restrain(?:ed|t); child protection
    """
)

WHAT_WAS_SEEN: Final = "What was seen or heard, where and when? Write that, and leave the reader to judge."
HOW_MANY: Final = "How many, of how many, since when? Write the number instead."
WHOSE_VIEW: Final = "Who says so, and what did they tell? Write what happened, and choose the source below."
HOW_KNOWN: Final = "Is it known, and from what? Write only what is; leave out what is supposed."
WHAT_CHANGED: Final = "What changed, from what to what? Write the two, with their dates."

#: Judging word -> the question that is put back to the writer.
JUDGING: Final[dict[str, str]] = {
    **dict.fromkeys(
        _patterns(
            r"""
            weak(?:er|est|ness|nesses)?; poor(?:er|est|ly)?; bad(?:ly)?; terrible; awful; dreadful; failing; failed; failure;
            hopeless; useless; incompetent; incompetence; inadequate; unprofessional; unacceptable; shambles; shambolic; chaos;
            chaotic; crisis; toxic; dysfunctional; mess; messy; disaster; disastrous; complacent; complacency; lazy; stuck; coasting;
            sinking; struggling; struggles?; out of (?:its|their) depth; lacking; lack of; not good enough; ineffective; disorganised;
            mismanaged; mismanagement; defensive; arrogant; difficult; uncooperative; unwilling; in denial; negligent; unsafe;
            worrying; concerning; alarming; shocking; good; great; excellent; brilliant; outstanding; strong(?:er|est)?; fantastic;
            wonderful
            """
        ),
        WHAT_WAS_SEEN,
    ),
    **dict.fromkeys(
        _patterns(
            r"""
            many; lots of; a lot; loads; numerous; countless; always; never; constantly; often; frequently; usually; everyone;
            everybody; nobody; no one; huge; massive; significant(?:ly)?; extremely; too (?:many|much); high turnover
            """
        ),
        HOW_MANY,
    ),
    **dict.fromkeys(
        _patterns(
            r"""
            rumou?rs?; rumou?red; gossip; apparently; allegedly; people (?:say|are saying); word is; it is said; well[- ]known;
            reputation; notorious(?:ly)?; unpopular; unhappy; morale
            """
        ),
        WHOSE_VIEW,
    ),
    **dict.fromkeys(
        _patterns(
            r"""
            probably; perhaps; maybe; presumably; seems?; seemed; appears? to; might; likely; suspect(?:ed|s)?; i
            (?:think|feel|believe|worry); we (?:think|feel|believe|worry); in my (?:view|opinion); clearly; obviously
            """
        ),
        HOW_KNOWN,
    ),
    **dict.fromkeys(
        _patterns(
            r"""
            declin(?:e|ed|ing); deteriorat(?:e|ed|ing|ion); worse(?:ned|ning)?; worst; slipp(?:ed|ing); going downhill; out of control
            """
        ),
        WHAT_CHANGED,
    ),
}

#: Words of public record that would otherwise sound like judgements: an inspection's own grade, a legal state, a name of a thing.
OF_RECORD: Final = _patterns(
    r"""
    requires improvement; special measures; serious weaknesses; judged (?:good|outstanding|inadequate); graded
    (?:good|outstanding|inadequate); (?:grade|judgement) of (?:good|outstanding|inadequate); good or outstanding; good level of
    development; strong standard; expected standard; needs attention; urgent improvement; at most; medical room; medical needs;
    hospital school; hospital education; (?:boiler|coach|bus|vehicle|equipment) failure; power failure; head lice; head office; per
    head; head ?counts?; principal (?:reason|cause|building|site|change|contractor); physical disabilities base; in most years; chair
    legs; police station; stress test(?:ed|ing)?; special educational needs and disabilit(?:y|ies)
    """
)

#: Given names in common use: one of them with a capital letter, or in small letters where it means nothing else, is a person.
GIVEN_NAMES: Final = _words(
    """
    Aaron Abigail Adam Aidan Aisha Alan Alastair Alex Alexander Alexandra Alfie Alice Alison Amanda Amelia Amina Amy Andrea Andrew
    Andy Angela Anita Anna Anne Annette Anthony Antony Arthur Asif Ayesha Barbara Barry Becky Ben Benjamin Bernard Beth Bethany Bev
    Beverley Brenda Brian Bridget Bruce Callum Cameron Carl Carol Caroline Catherine Cathy Charles Charlie Charlotte Chloe Chris
    Christine Christopher Claire Clare Colin Connor Craig Daniel Darren Dave David Dawn Debbie Deborah Denise Dennis Derek Diane Dipak
    Dominic Donna Doreen Dorothy Doug Duncan Edith Edward Eileen Elaine Eleanor Elizabeth Ella Ellen Ellie Emily Emma Eric Esther
    Ethan Eva Evelyn Fatima Fiona Frances Francis Frank Fred Gareth Gary Gavin Gemma Geoff Geoffrey George Georgia Gerald Gillian Gina
    Glen Glenn Gordon Graham Greg Gwen Hannah Harriet Harry Hassan Heather Helen Henry Hilary Howard Hugh Ian Imran Irene Isaac Isabel
    Isabella Isla Jack Jackie Jacob Jacqueline Jake James Jamie Jane Janet Janice Jasmine Jason Javed Jayne Jean Jeff Jeffrey Jennifer
    Jenny Jeremy Jessica Jill Jim Jo Joan Joanna Joanne Joe Joel John Jon Jonathan Jordan Joseph Josh Joshua Judith Judy Julia Julian
    Julie Justin Karen Kate Katherine Kathleen Kathryn Kathy Katie Keith Kelly Ken Kenneth Kevin Kim Kirsten Kirsty Kumar Kyle Laura
    Lauren Laurence Leah Lee Leo Leon Lesley Leslie Lewis Liam Linda Lindsay Lindsey Lisa Liz Lorraine Louise Lucas Lucy Luke Lynda
    Lynn Lynne Maeve Malcolm Mandy Marcus Margaret Maria Marian Marie Marilyn Marion Mark Martin Martyn Mary Matt Matthew Maureen
    Megan Melanie Melissa Mia Michael Michelle Mick Mike Mohammad Mohammed Moira Molly Monica Muhammad Nadia Nancy Naomi Natalie
    Natasha Nathan Neil Nicholas Nick Nicola Nicole Nigel Noah Noel Nora Oliver Olivia Omar Oscar Owen Pamela Pat Patricia Patrick
    Paul Paula Pauline Penny Pete Peter Phil Philip Philippa Phillip Phoebe Poppy Priya Rachael Rachel Raj Rajesh Ravi Ray Raymond
    Rebecca Richard Rita Rob Robert Roberta Robin Rod Roger Ron Ronald Rosemary Rosie Ross Roy Russell Ruth Ryan Sally Sam Samantha
    Samuel Sandra Sanjay Sara Sarah Scott Sean Shane Shannon Sharon Sheila Shirley Simon Sofia Sonia Sophia Sophie Stacey Stephanie
    Stephen Steve Steven Stewart Stuart Sue Susan Suzanne Sylvia Tania Tara Ted Teresa Terry Thelma Theresa Thomas Tim Timothy Tina
    Toby Tom Tony Tracey Tracy Trevor Valerie Vanessa Vera Veronica Vicky Victor Victoria Vincent Wayne Wendy Yasmin Yusuf Yvonne Zara
    Zoe
    """
)

#: Given names that are English words too: a person only when they stand with a capital letter inside a sentence.
ALSO_WORDS: Final = _words(
    """
    bill carol dale dawn drew ella frank glen grant guy harry heather isla jack jasmine jean jo jordan josh kelly ken kim lee leo mark
    max mia mick mike nick noel pat penny pete poppy ray rob robin rod rosemary ross sam scott stacey sue ted tom victor wayne will
    """
)

#: Ordinary words that open a sentence: beside a capitalised word they are no given name.
OPENERS: Final = _words(
    """
    about above after again all also although an and any are as at because been before below between both but by can classes could did
    do does during each eight either eleven every families fewer five for four from governors had half has have heads how if in into
    is it its just last late later leaders less lessons local more most near neither next nine no none nor not now of off on once one
    only or other our out over parents part per pupils seven several short since six so some soon staff still such teachers ten than
    that the their then there these they this those three through to today trustees twelve twenty two under until up was we were when
    where whether which while who why with within without yesterday you
    """
)

#: Words that begin with a capital letter in what is written of schools and are no part of a person's name. A run of capitalised
#: words that ends in one of them is a place or an institution.
CAPITALISED: Final = _words(
    """
    A Academies Academy Act Agreement All Alliance Alternative Apprenticeship April Area Association August Authority Autumn Award
    Bank Board Boards Britain British Building Bus C Camp Canteen Castle Cathedral Catholic Centre Chapel Children Children's
    Christmas Church Citizenship Class Close Cluster Code College Commission Committee Common Community Company Computing Condition
    Contract Council County Court Cross Crown Curriculum December Department Development DfE Diocese Director Directorate District
    Drive East Easter Education England English Entry Estate Estates Exclusions February Federation Field Finance First Foundation
    Framework Free French Friday Fund Gate General Geography German Governance Governing Governors Grammar Great Green Group Half Hall
    Hill History Holy House Hub In Infant Infants Inspection Inspectorate It January July June Junior Juniors Key Lady's Lane Language
    Languages Latin Learning Level Library Local Lower March Mathematics Maths May Meeting Middle Mill Minster Monday Music National
    New No North November Nursery October Office Officer Ofsted On Open Our Outreach Parade Parents Parish Park Partnership People's
    Phase Physical Place Plan Playing Policy Pre-School Prep Primary Programme Project Provision Public Pupil Pupils Reception Record
    Regional Register Religious Report Resource Review Road Roman Room Royal Saint Saturday Saxon School Schools Science Second
    Secondary Senior September Service Services Set Sixth Spanish Special Spring St Stage Standards State Statement Station Street
    Studies Summer Sunday Sure Survey Team Term The This Thursday Times Town Transport Trust Trustees Tuesday Unit University Upper
    Valley Village Wales Ward Water Way Wednesday West Wing Wood Working Works Year Young Youth
    """
)

#: What a name ends in when it is a place or an institution for certain, even where it begins like a person's.
INSTITUTIONS: Final = _words(
    """
    Academies Academy Avenue Building Centre Church Cathedral College Company Council Federation Foundation Grammar Hospital House
    Infant Infants Junior Juniors Lane Nursery Parade Partnership Primary Road School Schools Secondary Street Trust University
    """
)
