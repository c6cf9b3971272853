package dev.vramcast.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Configs;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.job.document.JobKey;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AssumptionsTest {

  private static List<String> of(String flags) {
    return Remark.sentences(Estimates.whole(Estimates.llama(false), flags).assumptions());
  }

  @Test
  void a_plain_job_assumes_versions_scratch_and_device() {
    assertThat(of("--method full"))
        .containsExactly(
            "The CUDA context takes 500 MiB.",
            "The step is the second or a later one, when optimizer states exist.",
            "The backward pass of fused attention takes the scratch of FlashAttention 2.",
            "The code is that of PyTorch 2.13.0, Transformers 5.7.0.",
            "No GPU is named, so workspaces of cuBLAS are left out.");
  }

  @Test
  void a_release_of_ligers_loss_is_named_where_that_computes_the_loss() {
    assertThat(of("--loss liger")).anyMatch(said -> said.startsWith("Liger's loss is that of"));
    String sizes = " small num_experts=4 num_experts_per_tok=2 head_dim=16";
    for (String type : List.of("glm", "granite")) {
      assertThat(
              Remark.sentences(
                  Estimates.whole(Configs.read(type + sizes), "--loss liger").assumptions()))
          .noneMatch(said -> said.startsWith("Liger's loss is that of"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--sequence-length 4096 | A sequence of 4096 tokens is longer than the 2048 positions the "
            + "model was made for; it is taken to run all the same.",
        "--compile true | torch.compile makes one graph of each layer, which writes to memory what "
            + "matrix products, attention and reductions read or make.",
        "--checkpointing selective | Selective checkpointing is torchtitan's: it keeps what "
            + "attention and every second matrix product make.",
        "--attention flex | Flex attention is taken to need what flash attention needs.",
        "--padding padded | The batch holds padding, so attention takes a mask.",
        "--method freeze | The last 2 layers are trained; embeddings, final norm and head are "
            + "frozen.",
        "--method freeze --trainable-place spread | The last layer of each of 2 equal groups is "
            + "trained; embeddings, final norm and head are frozen.",
        "--loss chunked --framework litgpt | LitGPT's loss takes chunks of 128 tokens.",
        "--loss chunked --framework trl --framework-version 1.14.0 | TRL's loss is that of 1.4 to "
            + "1.14: chunks of 256 tokens, and an fp32 copy of the head.",
        "--loss liger --targets q_proj,lm_head | The loss reads the head's weight itself, past the "
            + "adapter on it.",
        "--method full --strategy fsdp1 --count 2 | The process runs as far ahead of the GPU as "
            + "FSDP's limit on all-gathers lets it.",
        "--method full --strategy fsdp2 --count 2 | No GPU is named, so buffers of NCCL are left "
            + "out.",
        "--method galore | The step is one in which GaLore decomposes the gradients anew.",
        "--method full --optimizer muon | Muon steps on the layers' matrices; AdamW on embeddings, "
            + "head and vectors.",
        "--method pissa | PiSSA decomposes the weights on the GPU, one after the other, before the "
            + "first step.",
        "--optimizer paged-adamw | States of a paged optimizer are in managed memory and not "
            + "counted.",
        "--method qlora | The code is that of PyTorch 2.13.0, Transformers 5.7.0, PEFT 0.20.0, "
            + "bitsandbytes 0.50.0."
      })
  void what_a_job_takes_for_granted_is_said(String flags, String sentence) {
    assertThat(of(flags)).contains(sentence);
  }

  @Test
  void an_assumption_knows_the_setting_that_it_follows_from() {
    assertThat(Estimates.whole(Estimates.llama(false), "--padding padded").assumptions())
        .contains(
            Remark.about(JobKey.PADDING, "The batch holds padding, so attention takes a mask."));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "4.57.6 | Tokens are spread evenly over the experts.",
        "5.1.0 | Its experts are one parameter, which this job does not quantise."
      })
  void experts_are_quantised_where_they_are_modules(String version, String sentence) {
    assertThat(
            Remark.sentences(
                Estimates.whole(
                        Estimates.model("mixtral", Map.of("num_local_experts", 4)),
                        "--method qlora --transformers " + version)
                    .assumptions()))
        .contains(sentence);
  }

  /** FalconLinear extends nn.Linear, and since 5.5 only nn.Linear itself is replaced. */
  @ParameterizedTest
  @CsvSource({"5.4.0, false", "5.5.0, true"})
  void linears_of_a_class_of_the_model_that_stay_unquantised_are_said(
      String version, boolean said) {
    Predicate<String> says = sentence -> sentence.startsWith("Its linear layers");
    List<String> sentences =
        Remark.sentences(
            Estimates.whole(
                    Estimates.model("falcon", Map.of("multi_query", true)),
                    "--method qlora --transformers " + version)
                .assumptions());

    assertThat(sentences.stream().anyMatch(says)).isEqualTo(said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.12", "0.19"})
  void the_deepspeed_whose_buckets_are_counted_is_named(String version) {
    String flags = "--framework deepspeed --strategy zero2 --count 4 --deepspeed-version ";

    assertThat(of(flags + version))
        .anyMatch(line -> line.startsWith("DeepSpeed " + version + ".0 reduces up to "));
  }
}
