package dev.vramcast.formats.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.core.calibration.MeasuredBytes;
import dev.vramcast.core.calibration.MeasuredSpeed;
import dev.vramcast.core.calibration.MeasuredSpeed.Counted;
import dev.vramcast.core.calibration.Run;
import dev.vramcast.core.calibration.RunFigure;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunReaderTest {

  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;

  @Test
  void the_peak_of_a_trainer_is_the_sum_of_what_it_logs() {
    Run run =
        read(
            """
            {"global_step": 10, "log_history": [
              {"loss": NaN, "grad_norm": Infinity, "step": 5, "train_tokens_per_second": 900.0},
              {"step": 10, "train_runtime": 100.0, "train_samples_per_second": 2.0,
               "train_tokens_per_second": 1000.0,
               "before_init_mem_gpu": 1000, "init_mem_gpu_alloc_delta": 500,
               "init_mem_gpu_peaked_delta": 7,
               "train_mem_gpu_alloc_delta": -200, "train_mem_gpu_peaked_delta": 3000}]}
            """);

    assertThat(bytes(run, RunFigure.AFTER_LOAD)).isEqualTo(1500);
    assertThat(bytes(run, RunFigure.ALLOCATED)).isEqualTo(4300);
    assertThat(run.speed()).contains(speed(1000, false, Counted.UNKNOWN));
    assertThat(run.facts().tokensPerSample()).hasValue(500);
  }

  @Test
  void results_alone_are_read_as_the_end_of_a_state() {
    Run run = read("{\"train_runtime\": 50.0, \"train_tokens_per_second\": 12.5}");

    assertThat(run.speed()).contains(speed(12.5, false, Counted.UNKNOWN));
  }

  @Test
  void trl_counts_tokens_without_padding() {
    Run run = read("{\"log_history\": [{\"num_tokens\": 6000.0, \"train_runtime\": 60.0}]}");

    assertThat(run.speed()).contains(speed(100, false, Counted.NO_PADDING));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'loss': 1.5, 'memory/max_active (GiB)': 21.5, 'memory/max_allocated (GiB)': 21.25,"
            + " 'memory/device_reserved (GiB)': 24.5}",
        "{'loss': '1.5', 'memory/max_allocated (GiB)': '21.25',"
            + " 'memory/device_reserved (GiB)': '24.5'}",
        "{'memory/max_mem_active(gib)': 21.5, 'memory/max_mem_allocated(gib)': 21.25,"
            + " 'memory/device_mem_reserved(gib)': 24.5}",
        "wandb:    train/memory/max_allocated (GiB) 21.25\n"
            + "wandb: train/memory/device_reserved (GiB) 24.5"
      })
  void axolotl_writes_gib_in_several_spellings(String log) {
    Run run = read(log);

    assertThat(bytes(run, RunFigure.ALLOCATED)).isEqualTo(85 * GIB / 4);
    assertThat(bytes(run, RunFigure.RESERVED)).isEqualTo(49 * GIB / 2);
  }

  @Test
  void of_the_entries_of_a_log_the_highest_peak_and_the_median_speed_count() {
    Run run =
        read(
            """
              0%|          | 0/30\r 33%|###       | 10/30
            {'memory/max_allocated (GiB)': 9.5, 'tokens/train_per_sec_per_gpu': 100.0}
            {'memory/max_allocated (GiB)': 10.5, 'tokens/train_per_sec_per_gpu': 300.0}
            {'memory/max_allocated (GiB)': 8.5, 'tokens_per_second_per_gpu': 290.0}
            wandb: train/memory/max_allocated (GiB) ▁█▁
            """);

    assertThat(bytes(run, RunFigure.ALLOCATED)).isEqualTo(21 * GIB / 2);
    assertThat(run.speed()).contains(speed(290, true, Counted.TRAINED));
    assertThat(run.speed().get().total(4)).isEqualTo(1160);
  }

  @Test
  void what_a_text_leaves_open_is_half_of_its_last_digit() {
    MeasuredBytes measured =
        read("{'memory/max_allocated (GiB)': 10.50}").figures().get(RunFigure.ALLOCATED);

    assertThat(measured.roundingBytes()).isCloseTo(GIB / 200, within(1L));
  }

  @Test
  void old_axolotl_says_after_loading_what_is_allocated() {
    Run run =
        read(
            "[INFO] cuda memory usage after model load: 4.500GB (+0.1GB cache, +0.6GB misc)\n"
                + "[INFO] cuda memory usage after adapters: 4.750GB (+0.1GB cache)\n");

    assertThat(bytes(run, RunFigure.AFTER_LOAD)).isEqualTo(19 * GIB / 4);
  }

  @Test
  void gb_of_unsloth_are_gib() {
    Run run =
        read(
            """
            ==((====))==  Unsloth 2026.10.9: Fast Llama patching. Transformers: 5.24.0.
               \\\\   /|    Tesla T4. Num GPUs = 1. Max memory: 14.75 GB. Platform: Linux.
            GPU = Tesla T4. Max memory = 14.75 GB.
            5.984 GB of memory reserved.
            Peak reserved memory = 7.5 GB.
            Peak reserved memory for training = 1.516 GB.
            Peak reserved memory % of max memory = 50.847 %.
            """);

    assertThat(run.figures()).containsOnlyKeys(RunFigure.RESERVED);
    assertThat(bytes(run, RunFigure.RESERVED)).isEqualTo(15 * GIB / 2);
    assertThat(run.facts().cardBytes()).hasValue(59 * GIB / 4);
  }

  @Test
  void a_summary_of_pytorch_is_cut_to_whole_units() {
    Run run = read(summary("MiB"));

    assertThat(bytes(run, RunFigure.ALLOCATED)).isEqualTo(21_000 * MIB + MIB / 2);
    assertThat(bytes(run, RunFigure.RESERVED)).isEqualTo(24_000 * MIB + MIB / 2);
    assertThat(run.facts().retries()).hasValue(3);
  }

  @Test
  void units_of_pytorch_1_are_those_of_1024_too() {
    assertThat(bytes(read(summary("MB ")), RunFigure.RESERVED)).isEqualTo(24_000 * MIB + MIB / 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"allocated_bytes.all.peak\": 5, \"reserved_bytes.all.peak\": 9,"
            + " \"num_alloc_retries\": 0}",
        "{\"allocated_bytes\": {\"all\": {\"peak\": 5}},"
            + " \"reserved_bytes\": {\"all\": {\"peak\": 9}}}"
      })
  void statistics_of_pytorch_are_flat_or_nested(String json) {
    Run run = read(json);

    assertThat(bytes(run, RunFigure.ALLOCATED)).isEqualTo(5);
    assertThat(bytes(run, RunFigure.RESERVED)).isEqualTo(9);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "memory.used [MiB]\n21345 MiB\n",
        "memory.used [MiB]\r\n100\r\n21345\r\n",
        "21345 MiB",
        "21345\n",
        "index, memory.used [MiB], memory.total [MiB]\n0, 17 MiB, 24564 MiB\n"
            + "1, 21345 MiB, 24564 MiB"
      })
  void queries_of_nvidia_smi_are_read_in_each_form(String csv) {
    assertThat(bytes(read(csv), RunFigure.DEVICE)).isEqualTo(21_345 * MIB);
  }

  @Test
  void other_processes_of_a_table_are_left_out() {
    Run run = read(table());

    assertThat(bytes(run, RunFigure.DEVICE)).isEqualTo((21_345 - 345) * MIB);
    assertThat(run.facts().otherBytes()).hasValue(345 * MIB);
    assertThat(run.facts().cardBytes()).hasValue(24_564 * MIB);
    assertThat(run.notes()).anyMatch(note -> note.contains("fullest is taken, GPU 1"));
  }

  private static String summary(String unit) {
    return """
        |===========================================================================|
        |                  PyTorch CUDA memory summary, device ID 0                 |
        |            CUDA OOMs: 1            |        cudaMalloc retries: 3         |
        |        Metric         | Cur Usage  | Peak Usage | Tot Alloc  | Tot Freed  |
        | Allocated memory      |   1000 U   |  21000 U   |    900 GiB |    899 GiB |
        |       from large pool |    900 U   |  20900 U   |    900 GiB |    899 GiB |
        | GPU reserved memory   |  24000 U   |  24000 U   |  24000 U   |      0 B   |
        |===========================================================================|
        """
        .replace("U  ", unit);
  }

  private static String table() {
    return String.join(
        "\n",
        Arrays.asList(
            "+-----------------------------------------------------------------------------+",
            "| NVIDIA-SMI 580.95.05     Driver Version: 580.95.05     CUDA Version: 13.0    |",
            "|   0  NVIDIA GeForce RTX 4090        Off |   00000000:01:00.0 Off |       Off |",
            "|  0%   30C    P8     20W /  450W |      17MiB /  24564MiB |      0%   Default |",
            "|   1  NVIDIA GeForce RTX 4090        Off |   00000000:02:00.0 Off |       Off |",
            "| 50%   60C    P2    420W /  450W |   21345MiB /  24564MiB |     99%   Default |",
            "| Processes:                                                                  |",
            "|    1   N/A  N/A            1234      G   /usr/lib/xorg/Xorg           345MiB |",
            "|    1   N/A  N/A            4321      C   python                     20500MiB |",
            "+-----------------------------------------------------------------------------+"));
  }

  private static MeasuredSpeed speed(double tokens, boolean perGpu, Counted counted) {
    return new MeasuredSpeed(tokens, perGpu, counted, "run.txt");
  }

  private static Run read(String text) {
    return new RunReader().read(text, "run.txt");
  }

  private static long bytes(Run run, RunFigure figure) {
    return run.figures().get(figure).bytes();
  }
}
