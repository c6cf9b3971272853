package dev.vramcast.core.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.fit.FitEvaluator;
import dev.vramcast.core.hardware.Cards;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.life.Life.EpisodeNeed;
import dev.vramcast.core.life.Life.Resource;
import dev.vramcast.core.life.file.SavedFile;
import dev.vramcast.core.range.RangeTable;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.MemoryEstimator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What runs take of machines and disk. */
class LifeTest {

  private static final String FULL = "--framework transformers --method full ";
  private static final String LORA = "--framework transformers --method lora ";

  private final Architecture llama = Estimates.llama(false);
  private final long parameters = Tensors.count(llama);

  @Test
  void a_run_is_loaded_trained_and_saved() {
    assertThat(life(LORA).episodes())
        .extracting(EpisodeNeed::name)
        .containsExactly("load", "step", "save");
    assertThat(life(LORA + "--evaluation-batches 1 --resume true --merge true").episodes())
        .extracting(EpisodeNeed::name)
        .containsExactly("load", "evaluation", "step", "save", "resume", "merge");
  }

  @Test
  void a_file_for_another_program_needs_merged_weights_and_is_there_beside_them() {
    assertThat(life(LORA + "--gguf q4_k_m").episodes())
        .extracting(EpisodeNeed::name)
        .containsExactly("load", "step", "save", "merge", "export");
    assertThat(life(FULL + "--gguf q8_0").episodes())
        .extracting(EpisodeNeed::name)
        .containsExactly("load", "step", "save", "export");
    assertThat(disk(LORA + "--gguf q4_k_m", "export"))
        .isGreaterThan(disk(LORA + "--gguf q8_0", "export"))
        .isGreaterThan(disk(LORA + "--merge true", "merge") + 2 * parameters);
    assertThat(disk(LORA + "--gguf bf16", "export") - disk(LORA + "--merge true", "merge"))
        .isBetween(2 * parameters, 2 * parameters + parameters / 100);
  }

  @Test
  void weights_that_are_converted_on_the_host_are_there_once_for_every_rank() {
    String fp32 = FULL + "--model-dtype fp32 --strategy ddp --count 4";

    assertThat(host(fp32, "load")).isEqualTo(4 * 4 * parameters);
    assertThat(host(fp32.replace("fp32", "bf16"), "load")).isZero();
    assertThat(host(FULL + "--model-dtype fp32 --strategy zero3 --count 4", "load"))
        .isEqualTo(4 * parameters);
    assertThat(host(fp32 + " --nodes 2", "load")).isEqualTo(2 * 4 * parameters);
  }

  @ParameterizedTest
  @CsvSource({
    "5.5.0, fsdp2, 0",
    "5.6.0, fsdp2, 3",
    "5.22.0, fsdp1, 3",
    "5.22.0, zero3, 0",
    "5.23.0, fsdp2, 0"
  })
  void ranks_that_wait_for_the_first_ones_weights_had_zeros_in_their_places(
      String transformers, String strategy, int copies) {
    String flags =
        "%s--model-dtype bf16 --strategy %s --count 4 --transformers %s"
            .formatted(FULL, strategy, transformers);

    assertThat(host(flags, "load")).isEqualTo(copies * 2 * parameters);
  }

  @ParameterizedTest
  @CsvSource({
    "fsdp2, fp32, true, 4",
    "fsdp2, fp32, false, 16",
    "fsdp1, fp32, false, 16",
    "zero3, fp32, false, 16",
    "fsdp1, bf16, false, 0",
    "ddp, fp32, true, 16"
  })
  void a_job_says_whether_one_rank_loads_for_all(
      String strategy, String dtype, boolean first, int bytes) {
    String flags =
        "%s--model-dtype %s --strategy %s --count 4 --transformers 5.24.0 --first-rank-loads %s"
            .formatted(FULL, dtype, strategy, first);

    assertThat(host(flags, "load")).isEqualTo(bytes * parameters);
  }

  @ParameterizedTest
  @CsvSource({"fsdp2, true, 4", "fsdp2, false, 16", "fsdp1, true, 0", "zero3, true, 0"})
  void fsdp2_shards_what_was_made_fp32_on_the_host(String strategy, boolean first, int bytes) {
    String flags =
        "%s--model-dtype bf16 --precision bf16-mixed --strategy %s --count 4 --transformers 5.24.0"
            + " --accelerate 1.15.0 --first-rank-loads ";
    flags = flags.formatted(FULL, strategy) + first;

    assertThat(host(flags, "load")).isEqualTo(bytes * parameters);
  }

  @ParameterizedTest
  @CsvSource({
    "none, 1, 4.57.1, true, 0",
    "fsdp1, 4, 4.57.1, true, 1",
    "fsdp1, 4, 4.57.1, false, 0",
    "zero3, 4, 4.57.1, true, 4",
    "fsdp1, 4, 5.24.0, true, 0"
  })
  void weights_that_were_quantised_on_the_card_went_back_to_the_host(
      String strategy, int count, String transformers, boolean first, int copies) {
    String flags =
        "--framework transformers --method qlora --strategy %s --count %d --transformers %s%s"
            .formatted(
                strategy, count, transformers, count > 1 ? " --first-rank-loads " + first : "");
    long bytes = host(flags, "load");

    assertThat((double) bytes / parameters).isBetween(0.5 * copies, 1.5 * copies);
  }

  @ParameterizedTest
  @CsvSource({"axolotl, 0", "llama-factory, 0", "ms-swift, 0", "trl, 2"})
  void frameworks_that_name_a_device_load_straight_to_it(String framework, int copies) {
    String flags =
        "--method lora --model-dtype fp32 --strategy ddp --count 2 --framework " + framework;

    assertThat(host(flags, "load")).isEqualTo(copies * 4 * parameters);
  }

  @Test
  void the_first_rank_gathers_what_it_writes_whole() {
    String sharded = FULL + "--model-dtype fp32 --precision bf16-mixed --strategy fsdp2 --count 4 ";
    long states = host(sharded + "--saved-state full", "save");

    // Two fp32 moments a parameter, after the weights are written.
    assertThat(states).isBetween(8 * parameters, 8 * parameters + 1000);
    assertThat(host(sharded + "--saved-state sharded", "save")).isZero();
    assertThat(host(sharded + "--saved-state full --save-only-model true", "save"))
        .isEqualTo(4 * parameters);
  }

  @Test
  void a_sharded_checkpoint_is_as_large_as_a_real_one() {
    // torch.distributed.checkpoint of two ranks: 57 fp32 tensors of a Llama, and AdamW's states.
    Architecture small =
        Estimates.model(
            "llama",
            Map.of(
                "vocab_size", 4096,
                "hidden_size", 512,
                "intermediate_size", 1408,
                "num_hidden_layers", 6,
                "num_key_value_heads", 4,
                "tie_word_embeddings", false));
    Resolution resolution =
        resolution(
            FULL
                + "--model-dtype fp32 --precision fp32 --strategy fsdp2 --count 2 --saved-state"
                + " sharded --optimizer-implementation foreach");
    List<SavedFile> files =
        LifeEstimator.estimate(
                small,
                resolution,
                MemoryEstimator.estimate(small, resolution.job(), Optional.empty()))
            .checkpoint();

    assertThat(files.get(0).bytes()).isCloseTo(87_793_529, withinPercentage(0.1));
    assertThat(files.get(1).bytes()).isCloseTo(175_721_330, withinPercentage(0.1));
  }

  @Test
  void what_is_gathered_on_every_gpu_decides_whether_it_fits() {
    String flags = FULL + "--model-dtype fp32 --precision bf16-mixed --strategy fsdp1 --count 4 ";
    long whole = gpu(flags + "--saved-state full --saved-on-gpu true", "save");
    long resident = whole - 4 * parameters;
    long tables = 2 * 8192 * 1024L;

    // A state of the root's unit, and the two shards that it was gathered from.
    assertThat(gpu(flags + "--saved-state full", "save") - resident)
        .isBetween(4 * tables * 3 / 2, 4 * tables * 3 / 2 + 8192);
    assertThat(gpu(flags + "--saved-state full --save-only-model true", "save") - resident)
        .isBetween(4 * tables, 4 * tables + 8192);
  }

  @Test
  void adapters_under_fsdp_are_picked_from_a_whole_model_on_the_host() {
    String flags = LORA + "--strategy fsdp2 --count 2 ";

    assertThat(host(flags, "save") - host(flags, "step"))
        .isBetween(2 * parameters, 2 * parameters + (8 << 20));
    assertThat(host(flags + "--saved-state sharded", "save")).isEqualTo(host(flags, "step"));
    assertThat(files(flags + "--saved-state full"))
        .containsExactly("adapter_model.safetensors", "pytorch_model_fsdp.bin", "optimizer.bin");
  }

  @Test
  void fsdp2_has_states_twice_when_it_goes_on() {
    String flags = FULL + "--model-dtype fp32 --precision bf16-mixed --strategy fsdp2 --count 4 ";
    long resident = gpu(flags + "--saved-state sharded", "save");

    assertThat(gpu(flags + "--saved-state sharded --resume true", "resume") - resident)
        .isBetween(2 * parameters, 2 * parameters + 1000);
    assertThat(gpu(flags + "--saved-state full", "save") - resident).isEqualTo(4 * 8192 * 1024L);
  }

  @Test
  void a_checkpoint_that_goes_is_there_until_the_new_one_is() {
    String flags = LORA + "--examples 1000 --micro-batch 1 --save-steps 100 ";
    long one = life(flags).checkpoint().stream().mapToLong(SavedFile::bytes).sum();

    assertThat(life(flags).kept()).isEqualTo(10);
    assertThat(life(flags + "--save-total-limit 2").kept()).isEqualTo(3);
    assertThat(life(flags + "--save-total-limit 20").kept()).isEqualTo(10);
    assertThat(life(flags + "--save-strategy no").kept()).isZero();
    assertThat(life(flags + "--save-strategy end").kept()).isEqualTo(1);
    assertThat(life(flags).diskBytes() - life(flags + "--save-total-limit 2").diskBytes())
        .isEqualTo(7 * one);
  }

  @Test
  void checkpoints_under_fsdp_hold_the_weights_twice() {
    assertThat(files(FULL + "--strategy fsdp1 --count 2 --saved-state full"))
        .containsExactly("model.safetensors", "pytorch_model_fsdp.bin", "optimizer.bin");
    assertThat(files(FULL + "--strategy fsdp2 --count 2 --saved-state sharded"))
        .containsExactly("pytorch_model_fsdp_0/", "optimizer_0/");
    assertThat(files(FULL + "--strategy zero3 --count 2 --precision bf16"))
        .containsExactly("model.safetensors", "global_step/*_optim_states.pt");
    assertThat(files("--framework torchtune --method lora"))
        .containsExactly("adapter_model.safetensors", "model.safetensors", "recipe_state.pt");
  }

  @Test
  void bitsandbytes_copies_states_that_it_reads() {
    String eight = FULL + "--optimizer adamw-8bit --resume true ";
    long once = host(FULL + "--optimizer adamw --resume true", "resume");

    assertThat(once).isBetween(2 * 2 * parameters, 2 * 2 * parameters + 1000);
    assertThat(host(eight, "resume")).isBetween(6 * parameters, 7 * parameters);
    assertThat(gpu(eight + "--strategy ddp --count 2", "resume"))
        .isGreaterThan(gpu(eight + "--strategy ddp --count 2", "save"));
  }

  @Test
  void a_quantised_base_is_merged_in_16_bits() {
    String merged = "--framework trl --method qlora --targets q_proj --merge true ";

    long adapters = 2 * 2 * 16 * (1024 + 1024);
    assertThat(gpu(merged, "merge")).isEqualTo(2 * parameters + adapters + 2 * 2 * 1024 * 1024);
    assertThat(host(merged + "--merge-device cpu", "merge"))
        .isBetween(2 * parameters + 2 * 4 * 1024 * 1024, 2 * parameters + (9 << 20));
  }

  @Test
  void files_that_are_merged_have_one_tensor_in_memory() {
    String merged = "--framework unsloth --method qlora --targets q_proj --merge true ";
    long each = (4 + 2) * 1024 * 1024L;

    assertThat(gpu(merged, "merge") - gpu(merged, "save")).isEqualTo(each);
    assertThat(host(merged, "merge")).isEqualTo(each);
  }

  @Test
  void logits_for_metrics_end_up_on_the_host_of_every_rank() {
    String flags = LORA + "--evaluation-batches 3 --evaluation-batch 2 --evaluation-metrics true ";
    long logits = 3 * 2 * 512 * 8192 * 4L;

    assertThat(host(flags + "--precision bf16-mixed", "evaluation")).isEqualTo(logits);
    assertThat(
            host(flags + "--precision bf16-mixed --evaluation-accumulation-steps 1", "evaluation"))
        .isEqualTo(2 * logits);
  }

  @Test
  void an_engine_that_sleeps_leaves_its_weights_on_the_host() {
    String flags =
        "--framework trl --method lora --stage grpo --group-size 2 --micro-batch 2 --prompt-length"
            + " 256 --completion-length 256 --engine vllm-colocate --max-model-length 512";

    assertThat(stepOnCard(flags + " --engine-sleep 1") - stepOnCard(flags + " --engine-sleep 2"))
        .isEqualTo(2 * parameters);
  }

  @Test
  void a_machine_with_too_little_fits_nothing() {
    FitCheck plenty = check("--host-memory 64 --disk 100 --merge true");
    FitCheck memory = check("--host-memory 1");
    FitCheck disk = check("--disk 0.05");

    assertThat(plenty.fits()).isTrue();
    assertThat(memory.fits()).isFalse();
    assertThat(memory.shortage().orElseThrow().resource()).isEqualTo(Resource.HOST);
    assertThat(disk.shortage().orElseThrow().resource()).isEqualTo(Resource.DISK);
    assertThat(disk.shortage().orElseThrow().availableBytes()).isEqualTo(53_687_091);
  }

  @ParameterizedTest
  @CsvSource({
    "--saved-state adapter, saving.state_dict adapter contradicts method full",
    "--merge true, saving.merge true contradicts method full"
  })
  void adapters_that_are_not_trained_are_neither_saved_nor_merged(String flags, String message) {
    assertThatThrownBy(() -> resolution(FULL + flags))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  private FitCheck check(String flags) {
    FitEvaluator evaluator =
        new FitEvaluator(llama, Optional.empty(), 80L << 30, 0, new RangeTable(List.of(), 1));
    return evaluator.check(resolution(LORA + flags).document());
  }

  private List<String> files(String flags) {
    return life(flags).checkpoint().stream().map(SavedFile::name).toList();
  }

  private long host(String flags, String episode) {
    return need(flags, episode).hostBytes() - life(flags).standingBytes();
  }

  private long disk(String flags, String episode) {
    return need(flags, episode).diskBytes();
  }

  private long gpu(String flags, String episode) {
    return need(flags, episode).gpuBytes();
  }

  private long stepOnCard(String flags) {
    Resolution resolution = resolution(flags);
    Optional<Gpu> card = Optional.of(Cards.card("a card", "9.0", Cards.allOf(80 << 10), "NVLink"));
    return LifeEstimator.estimate(
            llama, resolution, MemoryEstimator.estimate(llama, resolution.job(), card))
        .episodes()
        .stream()
        .filter(each -> each.name().equals("step"))
        .findFirst()
        .orElseThrow()
        .hostBytes();
  }

  private EpisodeNeed need(String flags, String episode) {
    return life(flags).episodes().stream()
        .filter(each -> each.name().equals(episode))
        .findFirst()
        .orElseThrow();
  }

  private Life life(String flags) {
    Resolution resolution = resolution(flags);
    return LifeEstimator.estimate(
        llama, resolution, MemoryEstimator.estimate(llama, resolution.job(), Optional.empty()));
  }

  private static Resolution resolution(String flags) {
    JobDocument usual = JobDocument.empty().withFlag(JobKey.SEQUENCE_LENGTH, "512");
    return JobResolver.resolve(Jobs.with(usual, flags));
  }
}
