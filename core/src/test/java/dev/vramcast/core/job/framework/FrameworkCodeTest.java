package dev.vramcast.core.job.framework;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.AttentionCode;
import dev.vramcast.core.job.code.CodeFact;
import dev.vramcast.core.job.code.CodeKey;
import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.EvaluationCode.Generation;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.KeptOutputs;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.LossChunks;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.code.StageCode;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.units.Version;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FrameworkCodeTest {

  /** Of those that train Transformers' models. */
  private static final Set<String> WITHOUT_LIGER =
      Set.of("unsloth", "colossalai", "fsdp_qlora", "llama-recipes", "nemo-rl");

  /** Which are not taken to be so of a trainer that nobody knows. */
  private static final Set<CodeKey<?>> OF_KNOWN_TRAINERS =
      Set.of(
          SaveCode.CONSOLIDATOR,
          FrameworkCode.STAGES,
          EvaluationCode.GENERATION,
          LayerCode.HOLDS_STORED,
          LossCode.UNADAPTED_HEADS);

  /** All constants of the package, in whichever class they are. */
  private static List<CodeKey<?>> keys() {
    return new ClassFileImporter()
        .importPackages(CodeKey.class.getPackageName()).stream()
            .flatMap(home -> home.getFields().stream())
            .filter(field -> field.getRawType().isEquivalentTo(CodeKey.class))
            .<CodeKey<?>>map(field -> key(field.reflect()))
            .toList();
  }

  private static CodeKey<?> key(Field field) {
    try {
      return (CodeKey<?>) field.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(field + " is a public constant", e);
    }
  }

  private static Stream<String> frameworks() {
    return Frameworks.names().stream();
  }

  private static FrameworkCode code(String framework) {
    return job("--framework " + framework).frameworkCode();
  }

  private static ResolvedJob job(String flags) {
    return Jobs.resolve(flags + " --sequence-length 128").job();
  }

  @ParameterizedTest
  @MethodSource("frameworks")
  void a_framework_is_found_under_the_name_of_its_rules(String framework) {
    assertThat(Frameworks.rules(Optional.of(framework)).name()).isEqualTo(framework);
  }

  /** Trainers of their own do not run Seq2SeqTrainer's prediction_step. */
  @ParameterizedTest
  @MethodSource("frameworks")
  void only_who_runs_a_described_trainer_generates_in_evaluation(String framework) {
    Generation way =
        switch (framework) {
          case "transformers", "peft" -> Generation.BEFORE_LOSS;
          case "llama-factory" -> Generation.ALONE;
          case "trl" -> Generation.OF_PAIRS;
          default -> Generation.UNKNOWN;
        };

    assertThat(code(framework).get(EvaluationCode.GENERATION)).isEqualTo(way);
  }

  @ParameterizedTest
  @CsvSource({
    "ms-swift, megatron, megatron-swift",
    "MS-Swift, megatron, megatron-swift",
    "llama-factory, megatron, mcore-adapter",
    "ms-swift, fsdp2, ms-swift",
    "trl, fsdp2, trl",
    "megatron, megatron, megatron"
  })
  void what_trains_on_megatron_has_the_name_of_the_code_that_does(
      String given, String strategy, String runs) {
    ResolvedJob job = job("--framework " + given + " --strategy " + strategy + " --count 2");

    assertThat(job.framework().name()).isEqualTo(runs);
  }

  @ParameterizedTest
  @CsvSource({"ms-swift, 1", "llama-factory, 1", "megatron,"})
  void experts_are_divided_among_tensor_parallel_ranks_as_the_framework_does(
      String framework, Integer ranks) {
    ResolvedJob job =
        job("--framework " + framework + " --strategy megatron --tensor 2 --expert 2 --count 4");

    OptionalInt expected = ranks == null ? OptionalInt.empty() : OptionalInt.of(ranks);
    assertThat(job.parallelism().expertTensor()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "--quantization int8 --transformers 4.35, FULL, true",
    "--quantization nf4 --transformers 4.42, FULL, true",
    "--quantization nf4 --transformers 4.44, NONE, true",
    "--quantization none --transformers 4.35, NONE, true",
    "--quantization none --transformers 4.35 --count 2, FULL, false"
  })
  void k_bit_preparation_checkpoints_what_llama_recipes_trains_on_one_gpu(
      String flags, Checkpointing expected, boolean reentrant) {
    ResolvedJob job = job("--framework llama-recipes --method lora " + flags);

    assertThat(job.checkpointing()).isEqualTo(expected);
    assertThat(job.reentrant()).isEqualTo(reentrant);
  }

  @ParameterizedTest
  @MethodSource("frameworks")
  void every_fact_names_the_framework_and_the_place_that_decides(String framework) {
    List<CodeFact> facts = code(framework).facts();
    Set<String> known = Set.copyOf(Frameworks.names());

    assertThat(facts).isNotEmpty();
    assertThat(facts).extracting(CodeFact::name).doesNotHaveDuplicates();
    assertThat(facts)
        .allSatisfy(
            fact -> {
              String[] place = fact.place().split(": ", 2);
              assertThat(known).contains(place[0]);
              assertThat(place[1]).matches(".*[/.].*");
            });
  }

  @ParameterizedTest
  @MethodSource("frameworks")
  void a_fact_of_its_own_wins_over_that_of_the_framework_it_builds_on(String framework) {
    FrameworkCode code = code(framework);

    assertThat(code.facts())
        .filteredOn(fact -> fact.name().equals("loss.liger_reaches"))
        .allMatch(fact -> fact.value().equals(code.is(LossCode.LIGER_REACHES)));
    assertThat(code.is(LossCode.LIGER_REACHES))
        .isEqualTo(!code.hasOwnModels() && !WITHOUT_LIGER.contains(framework));
  }

  @ParameterizedTest
  @CsvSource({
    "unsloth --framework-version 2025.3.1, 2025.3.1, true",
    "unsloth --framework-version 2025.3.1, 2025.3.2, false",
    "unsloth, 2026.10.1, true",
    "transformers, 2025.3.1, false"
  })
  void a_loader_takes_the_copies_that_are_on_its_releases_list(
      String framework, String since, boolean taken) {
    LayerCode.Copies copies = code(framework).get(LayerCode.DYNAMIC_COPIES);

    assertThat(copies.has(Version.parse(since))).isEqualTo(taken);
  }

  @Test
  void every_kind_of_fact_is_stated_by_some_framework() {
    Set<String> stated =
        frameworks()
            .flatMap(framework -> code(framework).facts().stream())
            .map(CodeFact::name)
            .collect(Collectors.toSet());

    assertThat(keys()).extracting(CodeKey::name).isSubsetOf(stated).hasSizeGreaterThan(90);
  }

  @Test
  void an_unknown_framework_runs_the_code_of_transformers() {
    FrameworkCode unknown = code("homemade");
    FrameworkCode transformers = code("transformers");

    assertThat(keys())
        .filteredOn(key -> !OF_KNOWN_TRAINERS.contains(key))
        .allSatisfy(key -> assertThat(unknown.get(key)).isEqualTo(transformers.get(key)));
  }

  @Test
  void neither_trainer_nor_loader_is_known_of_an_unknown_framework() {
    assertThat(code("homemade").stages()).isEqualTo(StageCode.UNKNOWN);
    assertThat(code("homemade").get(EvaluationCode.GENERATION)).isEqualTo(Generation.UNKNOWN);
    assertThat(code("homemade").is(LayerCode.HOLDS_STORED)).isFalse();
    assertThat(code("transformers").stages().heads()).isEqualTo(code("trl").stages().heads());
  }

  @Test
  void stored_bases_are_held_by_those_whose_loader_is_from_pretrained() {
    assertThat(frameworks().filter(name -> code(name).is(LayerCode.HOLDS_STORED)))
        .containsExactlyInAnyOrder(
            "transformers", "peft", "trl", "axolotl", "llama-factory", "ms-swift");
  }

  @ParameterizedTest
  @CsvSource({"2.7, true, false, false", "2.8, true, true, false", "2.11, false, true, true"})
  void torchtitan_is_the_release_of_its_pytorch(
      String torch, boolean expandsHeads, boolean compilesLoss, boolean keepsCudnn) {
    FrameworkCode code = code("torchtitan --torch " + torch);

    assertThat(code.is(AttentionCode.EXPANDS_HEADS)).isEqualTo(expandsHeads);
    assertThat(code.is(LossCode.COMPILES)).isEqualTo(compilesLoss);
    assertThat(code.is(AttentionCode.KEEPS_CUDNN)).isEqualTo(keepsCudnn);
  }

  @Test
  void the_loss_of_trl_is_tiled_since_1_15() {
    assertThat(code("trl --framework-version 1.14").get(LossCode.CHUNKS))
        .isInstanceOf(LossChunks.Checkpointed.class);
    assertThat(code("trl --framework-version 1.15").get(LossCode.CHUNKS))
        .isInstanceOf(LossChunks.Tiles.class);
    assertThat(code("trl").get(LossCode.CHUNKS)).isInstanceOf(LossChunks.Tiles.class);
  }

  @ParameterizedTest
  @CsvSource({
    "nll, 1.3, FULL",
    "nll, 1.14, FULL",
    "nll, 1.15, CHUNKED",
    "chunked_nll, 1.4, CHUNKED",
    "chunked_nll, 1.14, CHUNKED",
    "chunked_nll, 1.15, CHUNKED",
    "dft, 0.23, FULL",
    "dft, 1.14, FULL",
    "dft, 1.15, CHUNKED",
  })
  void the_loss_of_trl_is_what_its_type_asks_for_in_each_release(
      String type, String version, LossKernel loss) {
    ResolvedJob job = supervised(type, version);

    assertThat(job.notModelled()).isEmpty();
    assertThat(job.loss()).isEqualTo(loss);
  }

  @ParameterizedTest
  @CsvSource({"chunked_nll, 1.3", "dft, 0.22"})
  void a_loss_of_trl_that_its_release_does_not_have_is_not_modelled(String type, String version) {
    assertThat(supervised(type, version).notModelled())
        .extracting(Gap::toString)
        .containsExactly("objective.loss_type " + type);
  }

  private static ResolvedJob supervised(String type, String version) {
    return Jobs.resolve(
            "--sequence-length 64 --framework trl --framework-version "
                + version
                + " --loss-type "
                + type)
        .job();
  }

  @Test
  void the_trainer_writes_every_500_steps_and_axolotl_four_epochs() {
    FrameworkCode trainer = code("unsloth");
    FrameworkCode axolotl = code("axolotl");

    assertThat(trainer.get(SaveCode.WRITER)).isEqualTo(SaveCode.Writer.TRAINER);
    assertThat(trainer.get(SaveCode.INTERVAL)).isEqualTo(new SaveCode.Steps(500));
    assertThat(trainer.get(SaveCode.KEPT).of(7)).isEqualTo(7);
    assertThat(axolotl.get(SaveCode.WRITER)).isEqualTo(SaveCode.Writer.TRAINER);
    assertThat(axolotl.get(SaveCode.INTERVAL)).isEqualTo(new SaveCode.Epochs());
    assertThat(axolotl.get(SaveCode.KEPT).of(7)).isEqualTo(4);
    assertThat(axolotl.get(SaveCode.KEPT).of(3)).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "transformers --transformers 4.57, FULL, SHARDED",
    "transformers --transformers 5.24, FULL, FULL",
    "ms-swift, FULL, SHARDED",
    "torchtune, FULL, FULL",
    "llama-recipes --transformers 4.43, SHARDED, SHARDED"
  })
  void shards_are_saved_as_the_framework_of_the_time_does(
      String framework, SaveCode.StateDict fsdp1, SaveCode.StateDict fsdp2) {
    FrameworkCode code = code(framework);

    assertThat(code.get(SaveCode.FSDP1)).isEqualTo(fsdp1);
    assertThat(code.get(SaveCode.FSDP2)).isEqualTo(fsdp2);
  }

  @Test
  void litgpt_finds_outputs_of_the_step_before_since_it_is_a_package() {
    assertThat(code("litgpt --torch 2.1").get(LoopCode.OUTPUTS))
        .isEqualTo(KeptOutputs.THROUGH_BACKWARD);
    assertThat(code("litgpt").get(LoopCode.OUTPUTS)).isEqualTo(KeptOutputs.INTO_NEXT_STEP);
  }

  @Test
  void a_loop_that_keeps_its_outputs_differs_in_nothing_else() {
    ResolvedJob job = job("");
    ResolvedJob keeping = job.keepingLogits();

    assertThat(keeping.frameworkCode().get(LoopCode.OUTPUTS)).isEqualTo(KeptOutputs.INTO_NEXT_STEP);
    assertThat(keys())
        .filteredOn(key -> key != LoopCode.OUTPUTS)
        .allSatisfy(
            key ->
                assertThat(keeping.frameworkCode().get(key))
                    .isEqualTo(job.frameworkCode().get(key)));
  }

  /** Transformers 5.24 reads another name, of trainers that do not switch checkpoints on again. */
  @ParameterizedTest
  @CsvSource({
    "--stage grpo --framework-version 1.16.0 --transformers 5.24, true",
    "--stage grpo --framework-version 1.9.0 --transformers 5.20, true",
    "--stage grpo --framework-version 1.8.0 --transformers 5.20, false",
    "--stage reward --framework-version 1.16.0 --transformers 5.24, false",
    "--stage sft --framework-version 1.8.0 --transformers 5.20, true",
    "--stage sft --framework-version 1.16.0 --transformers 5.24, false"
  })
  void trl_forces_checkpoints_of_adapters_under_zero_3_to_be_reentrant(
      String flags, boolean reentrant) {
    String adapters = "--framework trl --method lora --strategy zero3 --checkpointing full ";

    assertThat(job(adapters + "--checkpointing-reentrant false " + flags).reentrant())
        .isEqualTo(reentrant);
    assertThat(job(adapters + flags).reentrant()).isEqualTo(reentrant);
  }

  @ParameterizedTest
  @CsvSource({
    "--strategy fsdp2 --accelerate 1.14.0, true",
    "--strategy fsdp2 --accelerate 1.15.0, false",
    "--strategy fsdp1 --accelerate 1.14.0, false"
  })
  void accelerate_before_1_15_checkpoints_parts_of_layers_under_fsdp2(String flags, boolean parts) {
    String job = "--framework trl --checkpointing full --count 2 --fsdp-checkpointing true ";

    assertThat(job(job + flags).parallelism().checkpointsParts()).isEqualTo(parts);
  }
}
