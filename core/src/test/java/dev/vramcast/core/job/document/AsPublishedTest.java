package dev.vramcast.core.job.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands in a job for what only the model's configuration says. */
class AsPublishedTest {

  private static final JobDocument JOB =
      JobDocument.empty()
          .withFlag(JobKey.FRAMEWORK_NAME, "trl")
          .withFlag(JobKey.METHOD, "full")
          .withFlag(JobKey.SEQUENCE_LENGTH, "512");

  private static ResolvedJob resolved(JobDocument document, String dtype) {
    ModelConfig model = new ModelConfig("config.json", Map.of("torch_dtype", dtype));
    return JobResolver.resolve(document.withFound(model)).job();
  }

  @ParameterizedTest
  @CsvSource({
    "float32, FP32, FP32",
    "float16, FP16, FP16",
    "bfloat16, BF16, BF16",
  })
  void auto_and_pure_follow_the_configuration(
      String published, DataType dtype, Precision precision) {
    JobDocument document = JOB.withFlag(JobKey.MODEL_DTYPE, "auto");

    assertThat(resolved(document, published).weightDtype()).isEqualTo(dtype);
    assertThat(resolved(document, published).precision()).isEqualTo(Precision.BF16_MIXED);
    JobDocument pure = document.withFlag(JobKey.PRECISION, "pure");
    assertThat(resolved(pure, published).precision()).isEqualTo(precision);
  }

  @Test
  void pure_is_the_dtype_that_the_weights_are_said_to_have() {
    JobDocument pure = JOB.withFlag(JobKey.PRECISION, "pure");

    assertThat(resolved(pure.withFlag(JobKey.MODEL_DTYPE, "fp16"), "float32").precision())
        .isEqualTo(Precision.FP16);
    assertThat(resolved(pure, "float32").precision()).isEqualTo(Precision.FP32);
    assertThat(resolved(pure, "float32").weightDtype()).isEqualTo(DataType.FP32);
  }

  /** Weights of a trainer before Transformers 5 are fp32, of TRL since 0.27 whatever the file. */
  @ParameterizedTest
  @CsvSource({
    "transformers, 4.57.0, FP32",
    "transformers, 5.24.0, BF16",
    "trl, 5.24.0, FP32",
    "axolotl, 5.24.0, BF16",
  })
  void pure_is_the_dtype_in_which_the_framework_loads(
      String framework, String transformers, DataType dtype) {
    JobDocument job =
        JOB.withFlag(JobKey.FRAMEWORK_NAME, framework)
            .withFlag(JobKey.TRANSFORMERS_VERSION, transformers);
    JobDocument pure = job.withFlag(JobKey.PRECISION, "pure");

    assertThat(resolved(job, "bfloat16").weightDtype()).isEqualTo(dtype);
    assertThat(resolved(pure, "bfloat16").weightDtype()).isEqualTo(dtype);
    assertThat(resolved(pure, "bfloat16").precision()).isEqualTo(Precision.pure(dtype));
  }

  /** As most people train, by a setting of its own; of others the weights' dtype is the setting. */
  @ParameterizedTest
  @CsvSource({
    "trl, BF16_MIXED",
    "transformers, BF16_MIXED",
    "peft, BF16_MIXED",
    "unsloth, FP16_MIXED",
    "llama-factory, FP16_MIXED",
    "axolotl, FP16_MIXED",
    "ms-swift, FP16_MIXED",
  })
  void fp16_weights_are_autocast_to_bf16_where_that_has_a_setting_of_its_own(
      String framework, Precision precision) {
    JobDocument usual =
        JOB.withFlag(JobKey.FRAMEWORK_NAME, framework)
            .withFlag(JobKey.METHOD, "lora")
            .withFlag(JobKey.PROFILE, "recommended");

    for (String dtype : List.of("auto", "fp16")) {
      ResolvedJob job = resolved(usual.withFlag(JobKey.MODEL_DTYPE, dtype), "float16");
      assertThat(job.weightDtype()).isEqualTo(DataType.FP16);
      assertThat(job.precision()).isEqualTo(precision);
    }
  }

  @Test
  void a_document_without_these_words_is_left_as_it_is() {
    assertThat(AsPublished.settled(JOB, open -> DataType.FP16)).isSameAs(JOB);
  }
}
