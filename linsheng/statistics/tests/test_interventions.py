"""Did a measure work?"""

import numpy as np
import pytest
from statsmodels.regression.linear_model import OLS

from linsheng.statistics.interventions import did_of_means, difference_in_differences


def panel(clusters=40, per=12, effect=0.0, seed=1):
    rng = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(clusters), 2 * per)
    late = np.tile(np.repeat([0, 1], per), clusters)
    treated = (cluster < clusters // 2).astype(float)
    shared = rng.normal(0, 0.3, clusters)[cluster] + 0.3 * late + rng.normal(0, 0.2, (clusters, 2))[cluster, late]
    return 3.5 + shared + effect * treated * late + rng.normal(0, 1, cluster.size), treated, late, cluster


def test_card_and_krueger():
    assert did_of_means(21.03, 20.44, 21.17, 23.33) == pytest.approx(2.75)
    y = np.array([20.44, 21.03, 23.33, 21.17])
    assert difference_in_differences(y, [1, 1, 0, 0], [0, 1, 0, 1], ["NJ", "NJ", "PA", "PA"]).effect == pytest.approx(2.75)


def test_effect_and_clustered_error_agree_with_statsmodels():
    y, treated, late, cluster = panel(effect=0.4)
    x = np.column_stack([np.ones(y.size), treated, late, treated * late])
    oracle = OLS(y, x).fit(cov_type="cluster", cov_kwds={"groups": cluster}, use_t=True)
    found = difference_in_differences(y, treated, late, cluster)
    assert found.effect == pytest.approx(oracle.params[3], rel=1e-9)
    assert found.clustered.standard_error == pytest.approx(oracle.bse[3], rel=1e-9)
    assert found.clustered.p == pytest.approx(oracle.pvalues[3], rel=1e-6)
    assert found.p == found.clustered.p


def test_few_clusters_are_judged_by_randomisation():
    y, treated, late, cluster = panel(clusters=8, effect=3.0)
    found = difference_in_differences(y, treated, late, cluster)
    # 70 assignments, of which the true one and its mirror image are the strongest.
    assert found.p == found.p_randomised == pytest.approx(2 / 70)
    assert found.few_clusters


def test_randomisation_of_nothing_is_called_at_its_rate():
    p = [difference_in_differences(*panel(clusters=10, per=4, seed=seed)).p for seed in range(200)]
    assert np.mean(np.array(p) <= 0.05) <= 0.08


def test_a_cell_without_answers_gives_no_effect():
    found = difference_in_differences([1.0, 2.0, np.nan], [1, 1, 0], [0, 1, 0], [1, 1, 2])
    assert (found.effect, found.change_with, found.change_without, found.missing) == (None, 1.0, None, 1)


def test_half_treated_clusters_are_refused():
    with pytest.raises(ValueError, match="as a whole"):
        difference_in_differences([1.0, 2.0], [1, 0], [0, 0], ["a", "a"])
