package dev.vramcast.cli.fit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.cli.CliRun;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the first lines say, and the words that people use. */
@Order(1)
class PlainWordsTest {

  private static CliRun run(String line, String... more) {
    List<String> args = new ArrayList<>(List.of(line.split(" +")));
    args.addAll(List.of(more));
    return CliRun.of(args);
  }

  private static String spaced(CliRun run) {
    return run.out().replaceAll("\\s+", " ");
  }

  private static String firstLines(CliRun run) {
    String all = spaced(run);
    return all.substring(0, all.indexOf("What decides"));
  }

  @Test
  void a_model_that_sees_is_said_to_be_counted_on_text_alone() {
    String vision = "fit --offline --model qwen2.5-vl-7b --gpu a100-80gb ";
    assertThat(firstLines(run(vision)))
        .startsWith("LoRA of qwen2.5-vl-7b on text alone fits one A100")
        .contains("No images are counted", "--images 1 --image-size 1024x768");
    assertThat(firstLines(run(vision + "--images 1 --image-size 448,448")))
        .startsWith("LoRA of qwen2.5-vl-7b fits one A100")
        .doesNotContain("No images");
    assertThat(firstLines(run(vision + "--images 0"))).doesNotContain("text alone", "No images");
  }

  @Test
  void a_model_that_hears_is_told_of_sound_and_one_that_does_both_of_both() {
    String hears = "fit --offline --model qwen2-audio-7b --gpu a100-80gb ";
    assertThat(firstLines(run(hears)))
        .contains("on text alone", "No sound is counted", "--audio-seconds 10")
        .doesNotContain("--images");
    assertThat(firstLines(run(hears + "--audio-seconds 10")))
        .startsWith("LoRA of qwen2-audio-7b fits one A100")
        .doesNotContain("text alone", "No sound");
    assertThat(firstLines(run(hears + "--audio-seconds 0"))).doesNotContain("No sound");
    assertThat(firstLines(run("fit --offline --model qwen2.5-omni-7b --gpu a100-80gb")))
        .contains("No images and no sound are counted", "--images 1", "--audio-seconds 10");
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--model gemma-3-27b --method full --gpu h100 --count 2 --framework axolotl",
        "--model llama-3.1-405b --method full --gpu h100 --count 64 --nodes 8",
        "--model gpt-oss-20b --method qlora --gpu rtx-4090",
        "--model deepseek-v3 --method lora --gpu h200 --count 8",
      })
  void the_first_screen_has_at_most_25_lines(String job) {
    for (String command : List.of("fit", "estimate")) {
      assertThat(run(command + " --offline " + job).out().lines()).hasSizeLessThanOrEqualTo(25);
    }
  }

  @Test
  void an_image_without_a_size_is_asked_for_it() {
    CliRun run = run("fit --offline --model qwen2.5-vl-7b --gpu 4090 --images 1");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .isEqualToIgnoringNewLines(
            "vramcast: --image-size is required where --images is 1: a qwen2_5_vl model makes more"
                + " tokens of a larger image; give width and height in pixels, such as 1024x768");
  }

  @Test
  @Tag("slow")
  void a_card_that_hardly_holds_a_job_is_not_called_tight() {
    CliRun run = run("fit --offline --model qwen2.5-32b --method qlora --gpu", "rtx 4080");
    assertThat(firstLines(run)).containsPattern("probably does not fit|does not fit");
    assertThat(firstLines(run)).doesNotContain("tight");
  }

  @Test
  void a_fused_loss_is_named_only_where_it_runs() {
    assertThat(firstLines(run("fit --offline --model whisper-small --method full --gpu 4090")))
        .doesNotContain("liger");
    String mac = "fit --offline --model llama-3.2-1b --framework transformers --gpu ";
    assertThat(firstLines(run(mac, "M3 Max 64GB"))).doesNotContain("liger");
    assertThat(firstLines(run(mac + "4090"))).contains("--loss liger");
  }

  @Test
  void a_computer_of_its_own_is_not_rented_eightfold() {
    CliRun run =
        run("fit --offline --model llama-3.1-8b --method full --explain --gpu", "M3 Max 64GB");
    assertThat(run.out()).contains("full to lora").doesNotContain("GPUs under", "the rent");
  }

  @Test
  @Tag("slow")
  void advice_names_cards_that_are_for_rent() {
    CliRun run = run("fit --offline --model llama-3.1-70b --method lora --explain --gpu 4090");
    assertThat(run.out()).contains("on B200").doesNotContain("on H20 ", "on H800", "on A800");
  }

  @Test
  void an_engine_without_room_is_an_answer() {
    String job = "--offline --model qwen3-32b --stage grpo --engine vllm-colocate --gpu 4090";
    for (String command : List.of("fit ", "estimate ")) {
      CliRun run = run(command + job);
      assertThat(run.code()).isEqualTo(3);
      assertThat(run.out()).startsWith("  Verdict  does not fit\n").contains("does not start");
      assertThat(run.err()).isEmpty();
      assertThat(run(command + job + " --format json").out())
          .contains("\"kind\": \"no_room\"", "\"verdict\": \"does_not_fit\"");
    }
  }

  @Test
  void an_unknown_framework_is_said_once() {
    CliRun run = run("fit --offline --model llama-3.2-1b --framework mytrainer --gpu 4090");
    assertThat(run.err()).contains("--framework 'mytrainer' is not known");
    assertThat(run.out()).doesNotContain("Nothing is known");
  }

  @ParameterizedTest
  @CsvSource({
    "--checkpointing true, --checkpointing full",
    "--checkpointing YES, --checkpointing full",
    "--checkpointing off, --checkpointing none",
    "--method full-finetune, --method full",
    "--attention flash_attention_2, --attention flash",
    "--method Full_Fine_Tuning, --method full",
    "--optimizer adamw_8bit, --optimizer adamw-8bit",
    "--optimizer adamw_torch_fused, --optimizer adamw --optimizer-implementation fused",
    "--optimizer Paged_AdamW_32bit, --optimizer paged-adamw",
    "--optimizer adamw_torch_8bit, --optimizer adamw-8bit --optimizer-implementation torchao",
    "--sequence-length 4_096, --sequence-length 4096"
  })
  void people_have_other_words(String said, String meant) {
    String job = "fit --offline --model llama-3.2-1b --gpu a100-80gb ";
    assertThat(run(job + said).out()).isEqualTo(run(job + meant).out()).contains("GiB");
  }

  @Test
  @Tag("slow")
  void changes_that_only_fit_for_certain_together_say_with_how_few_the_job_probably_fits() {
    String all = spaced(run("fit --offline --model llama-3.3-70b --method qlora --gpu 5090:2"));
    String without =
        "fit --offline --model llama-3.3-70b --method qlora --gpu 5090:2 --strategy fsdp2";

    assertThat(all)
        .containsPattern(
            "ddp to fsdp2, layer inputs in host memory; it fits then, with [0-9.]+ GiB of host"
                + " memory; with the first alone it probably fits, with [78][0-9] %\\.");
    assertThat(spaced(run(without)))
        .containsPattern("probably fits 2 × RTX 5090, but it is not certain \\([78][0-9] %\\)");
  }

  @Test
  @Tag("slow")
  void a_change_that_alone_probably_does_stands_beside_those_that_do_for_certain() {
    assertThat(spaced(run("fit --offline --model gemma-3-12b --gpu rtx-4070")))
        .containsPattern(
            "it fits then.*; with lora to qlora alone it probably fits, with 9[0-9] %");
  }

  @Test
  @Tag("slow")
  void several_changes_go_before_one_that_is_less_likely_and_one_is_not_called_several() {
    assertThat(spaced(run("fit --offline --model qwen3-14b --gpu rtx-3060")))
        .containsPattern("together: .*lora to qlora[,;] .* fits, with [78][0-9] %\\.");
    assertThat(run("fit --offline --model llama-3.1-70b --gpu a100-80gb --explain").out())
        .contains("lora to qlora: it needs")
        .doesNotContain("probable together");
    assertThat(spaced(run("fit --offline --model qwen3-14b --gpu arc-b580")))
        .contains("What would help most")
        .doesNotContain("probably fits");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10 million", "10M", "10,000,000", "10_000_000"})
  void a_number_is_said_in_many_ways(String tokens) {
    CliRun run =
        run("cost --offline --model llama-3.2-1b --gpu l4 --max-price-age any --tokens", tokens);
    assertThat(run.err()).doesNotContain("--tokens");
    assertThat(run.out()).contains("10.0 million tokens");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--method finetune|--method is 'finetune', which may be any of 'full', 'lora', 'qlora'",
        "--quantization 4bit|--quantization is '4bit', which may be any of 'nf4', 'fp4'",
        "--stage grpo --engine colocate|--engine is 'colocate', which may be any of"
            + " 'vllm-colocate', 'sglang-colocate'",
        "--offload cpu|--offload is 'cpu', which may be any of 'parameters', 'optimizer'",
        "--strategy deepspeed|--strategy is 'deepspeed', which may be any of 'zero1', 'zero2'"
      })
  void a_word_for_several_is_a_question(String said, String question) {
    CliRun run = run("fit --offline --model llama-3.2-1b --gpu 4090 " + said);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).startsWith("vramcast: " + question).contains("say which");
  }

  @ParameterizedTest
  @ValueSource(strings = {"13 billion", "13B params", "13bn", "13000 million parameters"})
  void a_size_is_said_in_many_ways(String size) {
    CliRun run = run("fit --gpu a100-80gb --params", size);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).startsWith("LoRA of llama-2-13b (for 13");
  }

  @Test
  void a_file_loads_the_model_that_stands_in_for_a_size() {
    CliRun run = run("write --method lora --to axolotl --params", "13 billion");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).containsPattern("base_model: \\S*Llama-2-13b");
    assertThat(run.err()).contains("llama-2-13b").contains("13");
  }

  @Test
  void the_model_that_is_named_comes_first() {
    CliRun run = run("models", "llama 3");
    assertThat(run.out().lines().skip(1).findFirst().orElseThrow()).contains("llama-3-8b");
    assertThat(run.out()).doesNotContain("llama-2-13b").contains("llama-3.3-70b");
  }

  @Test
  void a_provider_is_no_card() {
    assertThat(run("prices runpod").err())
        .isEqualToIgnoringNewLines(
            "vramcast: 'runpod' is a provider and no GPU; give --provider runpod");
  }

  @Test
  void what_a_framework_does_is_said_in_words() {
    CliRun run =
        run("estimate --offline --model llama-3.2-1b --framework transformers --explain --gpu l4");
    assertThat(run.out()).doesNotContain("Configuration[").contains("reduce_bucket_size");
  }

  @ParameterizedTest
  @CsvSource({
    "4.57, 'is that of 0.7.0, which sums a trained head''s gradient through an fp32 copy'",
    "5.18, 'is that of 0.8.4, which adds a trained head''s gradient up in place'"
  })
  void what_is_said_of_a_loss_is_of_the_release_that_runs(String transformers, String said) {
    CliRun run =
        run(
            "estimate --offline --model llama-3.2-1b --method full --loss liger --explain"
                + " --gpu 4090 --framework transformers --transformers "
                + transformers);
    assertThat(spaced(run)).contains("Liger's loss " + said);
  }

  @Test
  @Tag("slow")
  void a_most_that_may_not_fit_is_called_so() {
    CliRun run = run("max --offline --model qwen2.5-7b --method qlora --sequence --gpu l4");
    assertThat(run.out())
        .containsPattern("for certain .* fits \\(9\\d %\\)")
        .containsPattern("by the estimate .* may or may not fit \\(\\d\\d %\\)")
        .containsPattern("layer inputs in host memory +\\d+ +\\w+ .*\\(\\d\\d %\\)");
  }

  @Test
  void a_size_without_a_unit_names_the_nearest() {
    assertThat(run("fit --params 8 --gpu 4090").err())
        .isEqualToIgnoringNewLines(
            "vramcast: --params is '8', allowed: a size as in 350M, 7B or 7.6B. Did you mean"
                + " '8B'?");
  }

  @Test
  void a_comma_for_a_point_is_no_thousands() {
    String job = "fit --offline --model llama-3.2-1b --gpu 4090 ";
    for (String comma : List.of("--alpha 0,125", "--alpha 1,234", "--rank 0,125")) {
      CliRun run = run(job + comma);
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err()).contains(comma.split(" ")[1]);
    }
    assertThat(run(job + "--alpha 1,234").err()).contains("write a point for the comma");
    assertThat(run(job + "--sequence-length 4,096").out())
        .isEqualTo(run(job + "--sequence-length 4096").out());
  }

  @Test
  @Tag("slow")
  void a_fused_loss_is_named_over_all_cards_and_models_only_where_it_runs() {
    String max = "max --offline --framework transformers --gpu";
    assertThat(spaced(run(max, "m3 max 36gb"))).doesNotContain("--loss liger");
    assertThat(spaced(run(max, "rtx 4090"))).contains("--loss liger");
    String length = "max --offline --sequence --framework transformers --model llama-3.2-1b --gpu";
    assertThat(spaced(run(length, "m3 max 36gb"))).contains("GiB").doesNotContain("--loss liger");
    assertThat(spaced(run(length, "rtx 4090"))).contains("--loss liger");
  }

  @Tag("slow")
  @Test
  void copies_on_several_cards_get_longer_by_sharing_their_sequences() {
    CliRun run = run("max --offline --sequence --model llama-3.1-8b --method lora --gpu h100:8");
    assertThat(spaced(run)).contains("each sequence on 2 GPUs, fsdp2 126720 fits");
  }

  @Tag("slow")
  @Test
  void a_search_for_the_most_says_which_flags_say_images() {
    CliRun run = run("max --offline --sequence --model qwen2.5-vl-7b --gpu a100-80gb");
    assertThat(spaced(run)).contains("No images are counted", "--images 1 --image-size 1024x768");
  }

  @ParameterizedTest
  @CsvSource({"H100:12, --tensor 4, 3", "H100:12, --tensor 2, 2", "H100:9,,0", "H100:17,,0"})
  void machines_hold_a_tensor_group_and_are_half_full(String gpu, String tensor, int nodes) {
    CliRun run =
        run(
            "write --offline --to slurm --framework megatron --strategy megatron --model"
                + " llama-3.1-8b --method full --gpu "
                + gpu
                + (tensor == null ? "" : " " + tensor));
    if (nodes == 0) {
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err()).contains("nearest are", "--nodes says how many");
    } else {
      assertThat(run.err()).contains("taken as " + nodes + " machines of " + 12 / nodes);
    }
  }
}
