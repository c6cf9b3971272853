from conftest import CONFIG, PARAMETERS, document

from peers.job import from_case, from_document


def test_a_case_that_states_little_gets_the_defaults_of_a_job_document():
    case = document()
    case["job"] = {
        "model": {"config": CONFIG},
        "method": "lora",
        "batch": {"sequence_length": 512},
    }

    job = from_case(case, PARAMETERS, None)

    assert (job.precision, job.attention, job.loss) == ("bf16-mixed", "sdpa", "full")
    assert (job.micro_batch, job.shard, job.gpus) == (1, 1, 1)
    assert job.lora_targets == ("all-linear",)
    assert not job.divided


def test_a_sharding_strategy_without_a_count_divides_among_all_gpus():
    case = document()
    case["job"] = {
        **case["job"],
        "parallelism": {"strategy": "zero3"},
        "hardware": {"gpu": "H100", "count": 4},
    }

    assert from_case(case, PARAMETERS, None).shard == 4


def test_a_job_survives_its_way_to_a_worker(qlora):
    assert from_document(qlora.document()) == qlora


def test_autocast_is_told_from_half_precision_by_the_precision(full):
    assert full.mixed
    assert full.compute_dtype == "bf16"
