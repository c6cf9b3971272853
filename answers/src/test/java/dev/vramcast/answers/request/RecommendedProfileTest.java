package dev.vramcast.answers.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.answers.estimate.EstimateOperation;
import dev.vramcast.answers.estimate.EstimateRequest;
import dev.vramcast.answers.operation.Asked;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.model.ModelCatalog;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.time.RunExtras;
import dev.vramcast.core.units.DataType;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecommendedProfileTest {

  /** A model of tests whose layers are 8 wide. */
  private static final Set<String> NOT_FOR_TEXT = Set.of("tiny-qwen2forcausallm-2.5");

  /** Why no encoder is trained as a classifier on a base in 4 bits. */
  private static final String CLASSIFIER_IN_BITS = "of the classifier that PEFT trains";

  /** Columns: the method, and the first words of names that have no figure for it. */
  @ParameterizedTest
  @CsvSource({
    "full, recurrentgemma|bigbird-roberta",
    "lora, recurrentgemma|bigbird-roberta",
    "qlora, recurrentgemma|bigbird-roberta|mamba|falcon-mamba|deberta(?!-v)"
  })
  @Tag("slow")
  void everyModelOfTheCatalogueTrainsAsMostPeopleTrain(String method, String open) {
    Map<String, String> refused = new TreeMap<>();
    for (String model : ModelCatalog.embedded().names()) {
      try {
        job(model, method, "1");
      } catch (InputException e) {
        if (!method.equals("qlora") || !e.getMessage().contains(CLASSIFIER_IN_BITS)) {
          refused.put(model, e.getMessage());
        }
      } catch (UnsupportedJobException e) {
        assertThat(model).as(e.getMessage()).matches("(" + open + ")-.*");
      }
    }
    refused.keySet().removeAll(NOT_FOR_TEXT);
    assertThat(refused).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "llama-3.1-8b, lora, DDP",
    "llama-3.1-70b, lora, ZERO3",
    "llama-3.1-70b, qlora, DDP",
    "llama-3.1-405b, qlora, FSDP1",
    "llama-3.1-8b, full, ZERO3",
  })
  void replicasAreDividedWhereNoCardHoldsOne(String model, String method, Strategy strategy) {
    assertThat(job(model, method, "8").parallelism().strategy()).isEqualTo(strategy);
  }

  /** Columns: the model, the stage, and whether it is trained whole. */
  @ParameterizedTest
  @CsvSource({
    "bert-base-uncased, CLASSIFICATION, true",
    "modernbert-large, CLASSIFICATION, true",
    "bge-m3, EMBEDDING, true",
    "qwen3-embedding-0.6b, SFT, false",
    "t5-base, SFT, false"
  })
  void encodersAreTrainedAsWhatTheyAre(String model, Stage stage, boolean whole) {
    ResolvedJob job = settled(JobDocument.empty().withFlag(JobKey.MODEL_ID, model));

    assertThat(job.objective().stage()).isEqualTo(stage);
    assertThat(job.method() == Method.FULL).isEqualTo(whole);
    assertThat(job.weightDtype() == DataType.FP32).isEqualTo(whole);
  }

  @Test
  void aStageThatIsSaidHoldsForAnEncoderToo() {
    JobDocument bert = JobDocument.empty().withFlag(JobKey.MODEL_ID, "bert-base-uncased");

    assertThat(settled(bert.withFlag(JobKey.STAGE, "masked-lm")).objective().stage())
        .isEqualTo(Stage.MASKED_LM);
    assertThat(settled(bert.withFlag(JobKey.PROFILE, "bare")).objective().stage())
        .isEqualTo(Stage.SFT);
    assertThat(job("distilbert-base-cased", "lora", "1").method()).isEqualTo(Method.LORA);
  }

  /** model/loader.py asks for torch_dtype="auto", whoever says what is trained. */
  @ParameterizedTest
  @CsvSource({"gpt2-xl, lora, FP32", "llama-3.1-8b, lora, BF16", "llama-3.1-8b, full, FP32"})
  void llamaFactoryLoadsWhatIsStored(String model, String method, DataType loaded) {
    JobDocument flags =
        JobDocument.empty()
            .withFlag(JobKey.MODEL_ID, model)
            .withFlag(JobKey.METHOD, method)
            .withFlag(JobKey.FRAMEWORK_NAME, "llama-factory");

    assertThat(settled(flags).weightDtype()).isEqualTo(loaded);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "4, 2"})
  void anEngineIsNotDividedWhereOneCardRunsIt(String count, int tensor) {
    JobDocument document =
        JobDocument.empty()
            .withFlag(JobKey.MODEL_ID, "qwen2.5-1.5b")
            .withFlag(JobKey.STAGE, "ppo")
            .withFlag(JobKey.GPU_COUNT, count);

    assertThat(settled(document).objective().generated().orElseThrow().resident().tensor())
        .hasValue(tensor);
  }

  @ParameterizedTest
  @CsvSource({
    "unsloth/Meta-Llama-3.1-8B-Instruct-bnb-4bit, QLORA, NF4",
    "Llama-3.1 8b 4bit, QLORA, NF4",
    "TheBloke/Llama-2-7B-GPTQ, LORA, GPTQ_INT4",
    "Qwen/Qwen2.5-7B-Instruct-GPTQ-Int8, LORA, GPTQ_INT8",
    "Qwen/Qwen2.5-7B-Instruct-AWQ, LORA, AWQ_INT4",
    "llama-3.1-8b, LORA, NONE"
  })
  void weightsAreHeldAsTheirNameSaysTheyAreStored(
      String model, Method method, QuantizationScheme scheme) {
    ResolvedJob job = settled(JobDocument.empty().withFlag(JobKey.MODEL_ID, model));

    assertThat(job.method()).isEqualTo(method);
    assertThat(job.quantization().scheme()).isEqualTo(scheme);
    assertThat(job(model, "lora", "1").method()).isEqualTo(Method.LORA);
  }

  @ParameterizedTest
  @CsvSource({"trl, GPTQ_INT4", "ms-swift, GPTQ_INT4", "torchtune, NONE", "litgpt, NONE"})
  void weightsAreHeldAsTheyAreStoredByWhoLoadsThemSo(String framework, QuantizationScheme scheme) {
    JobDocument document =
        JobDocument.empty()
            .withFlag(JobKey.MODEL_ID, "TheBloke/Llama-2-7B-GPTQ")
            .withFlag(JobKey.FRAMEWORK_NAME, framework);

    assertThat(settled(document).quantization().scheme()).isEqualTo(scheme);
  }

  @ParameterizedTest
  @CsvSource({
    "TheBloke/Llama-2-7B-GPTQ, , ",
    "TheBloke/Llama-2-7B-GPTQ, lora, ",
    "Qwen/Qwen2.5-7B-Instruct-AWQ, full, ",
    "Llama-2-7B GPTQ, qlora, ",
    "llama-2-7b, , gptq-int4",
    "llama-2-7b, lora, awq-int4",
    "llama-2-7b, qlora, gptq-int8"
  })
  void whatUnslothLoadsAsItIsStoredIsNotModelled(String model, String method, String scheme) {
    JobDocument document =
        JobDocument.empty()
            .withFlag(JobKey.MODEL_ID, model)
            .withFlag(JobKey.FRAMEWORK_NAME, "unsloth");
    JobDocument methodical = method == null ? document : document.withFlag(JobKey.METHOD, method);
    JobDocument whole =
        scheme == null ? methodical : methodical.withFlag(JobKey.QUANTIZATION_SCHEME, scheme);

    assertThatThrownBy(() -> request(whole).report(RunExtras.USUAL))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("under framework.name unsloth")
        .hasMessageContaining("modelled: the original model, or framework.name trl");
  }

  @Test
  void expertsInOneParameterThatAreStoredByGptqAreNotModelled() {
    JobDocument document =
        JobDocument.empty().withFlag(JobKey.MODEL_ID, "TheBloke/Mixtral-8x7B-v0.1-GPTQ");

    assertThatThrownBy(() -> request(document).report(RunExtras.USUAL))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("whose experts are one parameter");
    assertThat(settled(document.withFlag(JobKey.TRANSFORMERS_VERSION, "4.57")).quantization())
        .matches(each -> each.scheme() == QuantizationScheme.GPTQ_INT4);
  }

  @Test
  void anOldTrlRunsItsOwnPpo() {
    JobDocument ppo =
        JobDocument.empty().withFlag(JobKey.MODEL_ID, "llama-3.2-1b").withFlag(JobKey.STAGE, "ppo");

    assertThat(settled(ppo.withFlag(JobKey.TRL_VERSION, "1.12")).framework().name())
        .isEqualTo("trl");
    assertThat(warnings(ppo.withFlag(JobKey.TRL_VERSION, "1.14"))).contains("1.14 is not used");
    assertThat(warnings(ppo.withFlag(JobKey.FRAMEWORK_VERSION, "1.12")))
        .contains("1.12 is taken as verl's");
  }

  private static String warnings(JobDocument document) {
    return request(document).settle().warnings().toString();
  }

  @ParameterizedTest
  @CsvSource({"sft, trl", "dpo, trl", "ppo, verl", "embedding, sentence-transformers"})
  void aStageIsRunByATrainerThatHasIt(String stage, String framework) {
    JobDocument document =
        JobDocument.empty().withFlag(JobKey.MODEL_ID, "llama-3.2-1b").withFlag(JobKey.STAGE, stage);

    assertThat(settled(document).framework().name()).isEqualTo(framework);
  }

  @Test
  void imagesThatNeedMoreThanTheUsualLengthGetIt() {
    assertThat(seen("internvl3-8b", "2048x2048")).isEqualTo(2560 + 512);
    assertThat(seen("internvl3-8b", "448x448")).isEqualTo(2048);
  }

  /** 2 images of 1000 x 1000 are 2592 tokens, of 2000 x 2000 are 10082, before a usual prompt. */
  @ParameterizedTest
  @CsvSource({
    "grpo, 1000x1000, 4096, 2592",
    "grpo, 2000x2000, 4096, 10082",
    "dpo, 1000x1000, 0, 2592",
  })
  void imagesLengthenTheSequencesOfEveryStageBesideWhatIsGenerated(
      String stage, String size, int completion, int images) {
    JobDocument document =
        document("qwen2.5-vl-7b", "lora")
            .withFlag(JobKey.STAGE, stage)
            .withFlag(JobKey.IMAGES, "2")
            .withFlag(JobKey.IMAGE_SIZE, size);
    JobDocument whole =
        completion > 0
            ? document.withFlag(JobKey.COMPLETION_LENGTH, String.valueOf(completion))
            : document;

    assertThat(settled(whole).batch().sequenceLength()).isEqualTo(images + completion + 512);
  }

  /** 3 images of 1024 x 1024 are 4107 tokens, which four ranks share with a usual prompt. */
  @ParameterizedTest
  @CsvSource({"4, 1, 4620", "2, 2, 4624", "1, 1, 4619"})
  void ranksThatShareASequenceGetEqualPartsOfTheUsualLength(
      String tensor, String context, int length) {
    JobDocument document =
        document("qwen2.5-vl-7b", "full")
            .withFlag(JobKey.FRAMEWORK_NAME, "megatron-swift")
            .withFlag(JobKey.GPU_COUNT, "8")
            .withFlag(JobKey.TENSOR, tensor)
            .withFlag(JobKey.CONTEXT, context)
            .withFlag(JobKey.SEQUENCE_PARALLEL, "true")
            .withFlag(JobKey.IMAGES, "3")
            .withFlag(JobKey.IMAGE_SIZE, "1024x1024");

    assertThat(settled(document).batch().sequenceLength()).isEqualTo(length);
  }

  private static int seen(String model, String size) {
    JobDocument images =
        document(model, "lora").withFlag(JobKey.IMAGES, "1").withFlag(JobKey.IMAGE_SIZE, size);
    return settled(images).batch().sequenceLength();
  }

  @Test
  void unslothOnSeveralCardsKeepsSequencesWhole() {
    JobDocument many =
        document("llama-3.1-8b", "qlora")
            .withFlag(JobKey.FRAMEWORK_NAME, "unsloth")
            .withFlag(JobKey.GPU_COUNT, "4");

    assertThat(settled(many).parallelism().strategy()).isEqualTo(Strategy.DDP);
    assertThat(settled(many).checkpointing()).isEqualTo(Checkpointing.OFFLOADED);
    assertThat(settled(many.withFlag(JobKey.METHOD, "full")).checkpointing())
        .isEqualTo(Checkpointing.FULL);
    Map<String, Object> divided =
        Map.of(
            "model", Map.of("id", "llama-3.1-8b"),
            "framework", Map.of("name", "unsloth"),
            "hardware", Map.of("count", 4),
            "parallelism", Map.of("context", 4));
    assertThatThrownBy(() -> Asked.answer(new EstimateOperation(), Map.of("job", divided)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("keeps sequences whole, allowed: 1");
  }

  @Test
  void targetsThatPeftRefusesAreLeftOut() {
    assertThat(job("llama-3.1-8b", "lora", "1").adapter().orElseThrow().allLinear()).isTrue();
    assertThat(job("falcon-h1-0.5b", "lora", "1").adapter().orElseThrow().targets())
        .contains("q_proj")
        .doesNotContain("out_proj");
  }

  @Test
  void aModelWithoutTheUsualProjectionsHasAdaptersOnAllThatPeftTakes() {
    assertThat(job("mamba-130m", "lora", "1").adapter().orElseThrow().targets())
        .contains("in_proj", "x_proj")
        .doesNotContain("q_proj", "out_proj");
  }

  @Test
  void aModelThatTransformersDoesNotRunAgainHasNoCheckpoints() {
    assertThat(job("t5-base", "full", "1").checkpointing()).isEqualTo(Checkpointing.FULL);
    assertThat(job("mpnet-base", "full", "1").checkpointing()).isEqualTo(Checkpointing.NONE);
  }

  @Test
  void aLossThatFailsWithTheModelIsNotTaken() {
    assertThat(job("qwen3-30b-a3b", "lora", "1").loss()).isEqualTo(LossKernel.CHUNKED);
    assertThat(job("llama-4-scout-17b-16e", "lora", "1").loss()).isEqualTo(LossKernel.FULL);
  }

  @ParameterizedTest
  @CsvSource({
    "RTX 4090, qlora, BF16_MIXED, BF16",
    "T4, qlora, FP16_MIXED, FP16",
    "V100 SXM2 32GB, lora, FP16_MIXED, FP16",
    "T4, full, FP16_MIXED, FP32",
  })
  void aCardWithoutBf16TrainsInFp16(
      String card, String method, Precision precision, DataType weights) {
    ResolvedJob job = settled(document("qwen2.5-0.5b", method).withFlag(JobKey.GPU, card));

    assertThat(job.precision()).isEqualTo(precision);
    assertThat(job.weightDtype()).isEqualTo(weights);
  }

  @Test
  void aPrecisionThatIsSaidHoldsOnEveryCard() {
    JobDocument said =
        document("qwen2.5-0.5b", "lora")
            .withFlag(JobKey.PRECISION, "bf16-mixed")
            .withFlag(JobKey.GPU, "T4");

    assertThat(settled(said).weightDtype()).isEqualTo(DataType.BF16);
  }

  @ParameterizedTest
  @CsvSource({"T4, SDPA, FP16", "L4, FLASH, BF16"})
  void unslothTakesTheKernelsThatTheCardHas(
      String card, AttentionKernel attention, DataType dtype) {
    ResolvedJob job =
        settled(
            document("llama-3.1-8b", "qlora")
                .withFlag(JobKey.FRAMEWORK_NAME, "unsloth")
                .withFlag(JobKey.GPU, card));

    assertThat(job.attention()).isEqualTo(attention);
    assertThat(job.computeDtype()).isEqualTo(dtype);
  }

  @ParameterizedTest
  @CsvSource({
    "bge-m3, embedding, 512",
    "modernbert-base, masked-lm, 1024",
    "bert-base-uncased, masked-lm, 512",
    "qwen2.5-0.5b, sft, 2048",
  })
  void textsAreAsLongAsThoseOfTheirStage(String model, String stage, int tokens) {
    ResolvedJob job = settled(document(model, "full").withFlag(JobKey.STAGE, stage));

    assertThat(job.batch().sequenceLength()).isEqualTo(tokens);
  }

  private static ResolvedJob job(String model, String method, String gpus) {
    return settled(document(model, method).withFlag(JobKey.GPU_COUNT, gpus));
  }

  private static JobDocument document(String model, String method) {
    return JobDocument.empty().withFlag(JobKey.MODEL_ID, model).withFlag(JobKey.METHOD, method);
  }

  private static ResolvedJob settled(JobDocument said) {
    return request(said).settle().resolution().job();
  }

  private static EstimateRequest request(JobDocument said) {
    return new EstimateRequest(
        ProfileChoice.ofSettings(said),
        new Sources.NamesOnly(Optional.empty(), Network.FORBIDDEN),
        GpuCatalog.embedded());
  }
}
