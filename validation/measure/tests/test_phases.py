from vramcast_measure.phases import Ledger, Phase, as_case_phases, peak_of


def stepped() -> Ledger:
    ledger = Ledger()
    ledger.alive(100)
    ledger.begin_step()
    for phase, highest, left in (
        (Phase.FORWARD_LAYERS, 150, 140),
        (Phase.FORWARD_HEAD, 190, 160),
        (Phase.BACKWARD_HEAD, 250, 130),
        (Phase.BACKWARD_LAYERS, 180, 120),
        (Phase.CLIP, 125, 120),
        (Phase.STEP, 170, 120),
    ):
        ledger.enter(phase)
        ledger.alive(highest)
        ledger.alive(left)
    ledger.enter(Phase.AFTER)
    return ledger


def test_a_phase_keeps_its_highest_bytes_and_its_last() -> None:
    ledger = stepped()

    assert ledger.peaks[Phase.BACKWARD_HEAD] == 250
    assert ledger.ends[Phase.BACKWARD_HEAD] == 130


def test_what_a_phase_before_left_is_where_the_next_begins() -> None:
    ledger = Ledger()
    ledger.alive(70)
    ledger.enter(Phase.FORWARD_LAYERS)

    assert ledger.peaks[Phase.FORWARD_LAYERS] == 70


def test_the_peak_of_a_step_names_its_phase() -> None:
    assert peak_of(stepped().peaks) == (Phase.BACKWARD_HEAD, 250)


def test_a_later_micro_batch_only_raises_a_peak() -> None:
    ledger = stepped()
    ledger.enter(Phase.BACKWARD_HEAD)
    ledger.alive(240)

    assert ledger.peaks[Phase.BACKWARD_HEAD] == 250


def test_a_new_step_forgets_the_peaks_before() -> None:
    ledger = stepped()
    ledger.begin_step()

    assert ledger.peaks == {}


def test_phases_have_the_names_of_the_case_format() -> None:
    ledger = stepped()

    assert as_case_phases(100, ledger.peaks, ledger.ends) == {
        "after_load": 100,
        "end_of_forward": 160,
        "peak_forward": 190,
        "peak_loss_backward": 250,
        "peak_layers_backward": 180,
        "after_backward": 120,
        "peak_step": 170,
    }


def test_an_evaluation_is_no_part_of_the_step() -> None:
    ledger = stepped()
    ledger.enter(Phase.EVALUATION)
    ledger.alive(900)
    ledger.enter(Phase.AFTER)

    assert peak_of(ledger.peaks) == (Phase.BACKWARD_HEAD, 250)
    assert as_case_phases(100, ledger.peaks, ledger.ends)["evaluation"] == 900
