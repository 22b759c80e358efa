"""Calendars have a name in English, too; those that every company begins with get theirs at once."""

from django.db import migrations, models

NAMES = {'工作时间': 'Working hours', '全天候': 'Around the clock'}


def fill(apps, schema_editor):
    calendars = apps.get_model('standards', 'ServiceCalendar').objects
    for name, name_en in NAMES.items():
        calendars.filter(name=name, name_en='').update(name_en=name_en)


class Migration(migrations.Migration):

    dependencies = [
        ('standards', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='servicecalendar',
            name='name_en',
            field=models.CharField(blank=True, max_length=80, verbose_name='英文名称'),
        ),
        migrations.AlterField(
            model_name='servicecalendar',
            name='name',
            field=models.CharField(max_length=60, verbose_name='名称'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
