package dev.vramcast.formats.python;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a program does where the GPU can do it, among what is not known. */
class BetterGpuTest {

  private static String program(String condition) {
    return """
        def train(kind):
            if %s:
                dtype = torch.bfloat16
                rank = 32
            elif kind == "half":
                dtype = torch.float16
            else:
                dtype = torch.float32
                rank = 8
            model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B", torch_dtype=dtype)
            model = get_peft_model(model, LoraConfig(r=rank))
            Trainer(model=model, args=TrainingArguments("out")).train()
        train(kind())
        """
        .formatted(condition);
  }

  @Test
  void the_first_branch_counts_that_asks_what_the_gpu_can_and_is_said() {
    Reading reading = of("train.py", program("kind == 'best' and torch.cuda.is_bf16_supported()"));

    assertThat(values(reading)).containsEntry("model.dtype", "bf16").containsEntry("lora.rank", 32);
    assertThat(reading.findings())
        .anySatisfy(
            finding -> assertThat(finding.notice().toString()).contains("is_bf16_supported"));
  }

  @Test
  void what_comes_behind_the_branches_is_over_them() {
    String program =
        program("kind == 'best' and torch.cuda.is_bf16_supported()")
            .replace("    model = Auto", "    dtype = torch.float16\n    model = Auto");

    assertThat(values(of("train.py", program))).containsEntry("model.dtype", "fp16");
  }

  @Test
  void another_condition_that_is_not_known_leaves_the_last_value() {
    assertThat(values(of("train.py", program("kind == 'best'"))))
        .containsEntry("model.dtype", "fp32");
  }

  private static String batches(String setup, String condition) {
    return """
        %s
        if %s:
            batch = 2
        else:
            batch = 8
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
        args = TrainingArguments("out", per_device_train_batch_size=batch)
        Trainer(model=model, args=args).train()
        """
        .formatted(setup, condition);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "torch.cuda.get_device_properties(0).total_memory > 30e9 | 2",
        "torch.cuda.get_device_properties(0).total_memory >= 30e9 | 2",
        "30e9 < torch.cuda.get_device_properties(0).total_memory | 2",
        "torch.cuda.get_device_properties(0).total_memory < 16e9 | 8",
        "16e9 >= torch.cuda.mem_get_info()[1] | 8",
        "not kind().is_cuda_ready() | 8",
        "not torch.cuda.is_bf16_supported(kind()) | 8",
        "pick() and not (torch.cuda.get_device_capability() >= (8, 0)) | 8",
        "device != 'cuda' | 8",
        "device == 'cuda' | 2",
        "args.no_cuda | 8",
        "not args.no_cuda | 2",
        "torch.cuda.device_count() > 1 | 8",
        "torch.cuda.get_device_name(0) == 'A100' | 8",
        "args.cuda_things | 8",
      })
  void the_comparison_says_which_branch_is_for_the_better_gpu(String condition, int batch) {
    assertThat(values(of("train.py", batches("device = pick()", condition))))
        .containsEntry("batch.micro_batch", batch);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "major, minor = torch.cuda.get_device_capability() | major >= 8 | 2",
        "major, minor = torch.cuda.get_device_capability() | major < 8 | 8",
        "vram = torch.cuda.get_device_properties(0).total_memory / 1e9 | vram >= 40 | 2",
        "vram = torch.cuda.get_device_properties(0).total_memory / 1e9 | vram < 40 | 8",
        "bf16 = torch.cuda.is_bf16_supported() | bf16 | 2",
        "old = torch.cuda.get_device_capability()[0] < kind() | old | 8",
        "n = torch.cuda.device_count() | n > 1 | 8",
        "vram = pick() | vram >= 40 | 8",
      })
  void a_name_is_what_it_was_given(String setup, String condition, int batch) {
    assertThat(values(of("train.py", batches(setup, condition))))
        .containsEntry("batch.micro_batch", batch);
  }

  @Test
  void of_several_sizes_the_largest_counts() {
    String program =
        batches("vram = torch.cuda.get_device_properties(0).total_memory", "vram >= 40e9")
            .replace("else:", "elif vram >= 20e9:\n    batch = 4\nelse:");

    assertThat(values(of("train.py", program))).containsEntry("batch.micro_batch", 2);
    assertThat(values(of("train.py", program.replace(">=", "<"))))
        .containsEntry("batch.micro_batch", 8);
  }

  @Test
  void without_another_branch_the_value_before_is_that_of_the_better_gpu() {
    String program =
        batches("batch = 16", "torch.cuda.mem_get_info()[1] < 16e9")
            .replace("else:\n    batch = 8\n", "");

    Reading reading = of("train.py", program);

    assertThat(values(reading)).containsEntry("batch.micro_batch", 16);
    assertThat(reading.findings())
        .anySatisfy(
            finding -> assertThat(finding.notice().toString()).contains("not torch . cuda"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "batch, rank = 2, 64 | batch, rank = 8, 4 | batch",
        "cfg['b'] = 2 | cfg['b'] = 8 | cfg['b']",
        "run.batch = 2 | run.batch = 8 | run.batch",
      })
  void values_of_tuples_entries_and_parts_are_of_the_branch(
      String first, String second, String batch) {
    String program =
        batches("cfg = {'b': 1}", "torch.cuda.mem_get_info()[1] > 16e9")
            .replace("batch = 2", first)
            .replace("batch = 8", second)
            .replace("size=batch", "size=" + batch);

    assertThat(values(of("train.py", program))).containsEntry("batch.micro_batch", 2);
  }

  @Test
  void an_expression_of_both_takes_the_same() {
    String program =
        batches("size = 1 if torch.cuda.mem_get_info()[1] < 16e9 else 32", "pick()")
            .replace("size=batch", "size=size");

    assertThat(values(of("train.py", program))).containsEntry("batch.micro_batch", 32);
  }
}
