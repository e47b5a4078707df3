/* One row: one printed figure whose publication is not in the list of sources.
   Why: a figure that nobody can look up is no evidence. */
select figures.figure_no, figures.period_text, figures.measure, figures.publication
from fct_published_figures as figures
anti join dim_publication as publications on figures.publication = publications.code
