"""A change of an address, a key or an account waits for a second person."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rails', '0007_statement_match'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='railsetting',
            name='rails_setting_version_once',
        ),
        migrations.AddField(
            model_name='railsetting',
            name='decided_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='railsetting',
            name='decided_by',
            field=models.TextField(default=''),
        ),
        migrations.AddField(
            model_name='railsetting',
            name='state',
            field=models.TextField(default='in_force'),
        ),
        migrations.AddConstraint(
            model_name='railsetting',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'in_force')), fields=('rail', 'version'), name='rails_setting_version_once'),
        ),
        migrations.AddConstraint(
            model_name='railsetting',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('rail',), name='rails_setting_one_proposal'),
        ),
        migrations.AddConstraint(
            model_name='railsetting',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['in_force', 'proposed', 'declined'])), name='rails_setting_state_known'),
        ),
        migrations.AddConstraint(
            model_name='railsetting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'in_force'), _negated=True), models.Q(('decided_by', models.F('published_by')), _negated=True), _connector='OR'), name='rails_setting_two_persons'),
        ),
    ]
