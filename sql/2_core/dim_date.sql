/* One row: one calendar day in Jakarta, from 2011 to the end of the year after run.as_of.
   Why: months, quarters and half years get one spelling and one Indonesian name for everybody. */
with days as (
    select cast(unnest(generate_series(
        timestamp '2011-01-01',
        make_timestamp(year(run.as_of) + 1, 12, 31, 0, 0, 0),
        interval 1 day
    )) as date) as day_on
    from run
),

month_names as (
    select *
    from (values
        (1, 'Januari', 'January'), (2, 'Februari', 'February'), (3, 'Maret', 'March'), (4, 'April', 'April'),
        (5, 'Mei', 'May'), (6, 'Juni', 'June'), (7, 'Juli', 'July'), (8, 'Agustus', 'August'),
        (9, 'September', 'September'), (10, 'Oktober', 'October'), (11, 'November', 'November'), (12, 'Desember', 'December')
    ) as names (month_no, month_name_id, month_name_en)
)

select
    days.day_on,
    strftime(days.day_on, '%Y-%m') as month_period,
    strftime(days.day_on, '%Y') || '-Q' || quarter(days.day_on) as quarter_period,
    strftime(days.day_on, '%Y') as year_period,
    cast(year(days.day_on) as smallint) as year_no,
    cast(if(month(days.day_on) <= 6, 1, 2) as tinyint) as half_no,
    cast(quarter(days.day_on) as tinyint) as quarter_no,
    cast(month(days.day_on) as tinyint) as month_no,
    month_names.month_name_id,
    month_names.month_name_en,
    last_day(days.day_on) = days.day_on as is_month_end
from days
inner join month_names on month_names.month_no = month(days.day_on)
order by days.day_on
