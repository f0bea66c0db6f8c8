"""Categories and colleges: which kinds of members there are and in which chamber they vote."""

from flask import redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from govern.members import actions, queries, rules
from govern.members.forms import CategoryForm, CollegeForm, typed
from govern.members.models import Category, College
from govern.members.routes import bp
from govern.web.access import actor, allow
from govern.web.forms import attempt, say
from govern.web.pages import page


def _back() -> Response:
    return redirect(url_for("members.categories"), code=303)


@bp.get("/categories")
@allow(rules.may_keep)
def categories() -> Response:
    """Categories with their colleges and how many members they have."""
    colleges = queries.list_colleges()
    return page(
        "members/categories.html",
        categories=queries.list_categories(),
        colleges=colleges,
        college_of={college.id: college for college in colleges},
        counts=queries.count_by_category(),
    )


@bp.get("/categories/new")
@allow(rules.may_keep)
def new_category() -> Response:
    """A form for a category."""
    return page("members/category.html", form=_category_form(blank=True), category=None)


def _category_form(*, blank: bool = False) -> CategoryForm:
    form = CategoryForm(formdata=None) if blank else CategoryForm()
    return form.offer(queries.list_colleges())


@bp.post("/categories/new")
@allow(rules.may_keep)
def create_category() -> Response:
    """Add the category."""
    form = _category_form()
    if form.validate_on_submit() and attempt(form, lambda: _add_category(form)):
        say(_("The category is recorded."))
        return _back()
    return page("members/category.html", form=form, category=None)


def _add_category(form: CategoryForm) -> Category:
    college = queries.get_college(typed(form.college)) if typed(form.college) else None
    return actions.add_category(
        actor(), code=typed(form.code), name=typed(form.name), unit=typed(form.unit), college=college
    )


@bp.get("/categories/<int:category_id>/edit")
@allow(rules.may_keep, category=queries.get_category_by_id)
def edit_category(category: Category) -> Response:
    """The category's fields."""
    form = CategoryForm(formdata=None, obj=category)
    colleges = queries.list_colleges()
    form.college.data = next((college.code for college in colleges if college.id == category.college_id), "")
    return page("members/category.html", form=form.offer(colleges), category=category)


@bp.post("/categories/<int:category_id>/edit")
@allow(rules.may_keep, category=queries.get_category_by_id)
def update_category(category: Category) -> Response:
    """Change the category; its code stays."""
    form = _category_form()
    if form.validate_on_submit() and attempt(form, lambda: _change_category(category, form)):
        say(_("The category is changed."))
        return _back()
    return page("members/category.html", form=form, category=queries.get_category_by_id(category.id))


def _change_category(category: Category, form: CategoryForm) -> bool:
    college = queries.get_college(typed(form.college)) if typed(form.college) else None
    actions.change_category(actor(), category, name=typed(form.name), unit=typed(form.unit), college=college)
    return True


@bp.get("/colleges/new")
@allow(rules.may_keep)
def new_college() -> Response:
    """A form for a college."""
    return page("members/college.html", form=CollegeForm(formdata=None), college=None)


@bp.post("/colleges/new")
@allow(rules.may_keep)
def create_college() -> Response:
    """Add the college."""
    form = CollegeForm()
    if form.validate_on_submit() and attempt(
        form, lambda: actions.add_college(actor(), code=typed(form.code), name=typed(form.name))
    ):
        say(_("The college is recorded."))
        return _back()
    return page("members/college.html", form=form, college=None)


@bp.get("/colleges/<int:college_id>/edit")
@allow(rules.may_keep, college=queries.get_college_by_id)
def edit_college(college: College) -> Response:
    """The college's name."""
    return page("members/college.html", form=CollegeForm(formdata=None, obj=college), college=college)


@bp.post("/colleges/<int:college_id>/edit")
@allow(rules.may_keep, college=queries.get_college_by_id)
def update_college(college: College) -> Response:
    """Change the name; the code stays."""
    form = CollegeForm()
    if form.validate_on_submit():
        actions.change_college(actor(), college, name=typed(form.name))
        say(_("The college is changed."))
        return _back()
    return page("members/college.html", form=form, college=college)
