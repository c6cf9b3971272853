package dev.vramcast.formats.training.run;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How large images are in training files. */
class ImageSizesTest {

  private static final String AXOLOTL =
      "base_model: a/b~micro_batch_size: 1~gradient_accumulation_steps: 1~sequence_len: 8~";
  private static final String FACTORY =
      "model_name_or_path: a/b~stage: sft~finetuning_type: lora~cutoff_len: 8~template: default~";
  private static final String SWIFT = "swift sft --model a/b --max_length 8 --dataset c/d";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        FACTORY + "image_max_pixels: 262144 | [512, 512]",
        FACTORY + "image_max_pixels: 1000000 | [1000, 1000]",
        AXOLOTL + "image_size: 448 | [448, 448]",
        AXOLOTL + "image_size: [640, 480] | [640, 480]",
      })
  void are_read_of_files(String text, String size) {
    assertThat(values(of("a.yaml", text.replace("~", "\n"))).get("batch.image_size"))
        .hasToString(size);
  }

  @ParameterizedTest
  @CsvSource({
    "MAX_PIXELS=1003520 " + SWIFT + ", 1001",
    SWIFT + " --max_pixels 262144, 512",
    "MAX_PIXELS=1003520 " + SWIFT + " --max_pixels 262144, 512",
    "IMAGE_MAX_TOKEN_NUM=1024 swift sft --model Qwen/Qwen3-VL-4B-Instruct --max_length 8, 1024",
    "IMAGE_MAX_TOKEN_NUM=1024 swift sft --model /models/Qwen2.5-VL-3B --max_length 8, 896",
    "IMAGE_MAX_TOKEN_NUM=1024 swift sft --model Qwen/QVQ-72B-Preview --max_length 8, 896",
  })
  void are_read_of_commands_and_their_environment(String command, int side) {
    assertThat(values(of("a.sh", command)).get("batch.image_size")).isEqualTo(List.of(side, side));
  }

  @ParameterizedTest
  @ValueSource(strings = {"OpenGVLab/InternVL3-8B", "Qwen/Qwen2.5-7B", "/models/mine"})
  void tokens_are_told_to_qwen_alone(String model) {
    Reading reading =
        of("a.sh", "IMAGE_MAX_TOKEN_NUM=1024 swift sft --max_length 8 --model " + model);

    assertThat(values(reading)).doesNotContainKey("batch.image_size");
    assertThat(keys(reading, FindingCode.NOT_COUNTED)).contains("IMAGE_MAX_TOKEN_NUM");
  }

  @ParameterizedTest
  @CsvSource({
    "max_pixels=262144, '[512, 512]'",
    "max_pixels=1280 * 28 * 28, '[1001, 1001]'",
    "max_pixels=most, '[448, 448]'",
    "'size={\"longest_edge\": 262144, \"shortest_edge\": 3136}', '[512, 512]'",
    "'size={\"longest_edge\": 1536}', '[1536, 1536]'",
    "'size={\"height\": 384, \"width\": 512}', '[512, 384]'",
  })
  void are_read_of_the_processor_that_a_program_loads(String argument, String size) {
    String program =
        """
        from trl import SFTConfig, SFTTrainer
        most = 448 * 448
        model = AutoModelForImageTextToText.from_pretrained("a/b", dtype="bfloat16")
        processor = AutoProcessor.from_pretrained("a/b", ARGUMENT)
        args = SFTConfig(output_dir="o", max_length=4096, bf16=True)
        trainer = SFTTrainer(model=model, args=args, train_dataset=rows)
        """;

    Reading reading = of("a.py", program.replace("ARGUMENT", argument));
    assertThat(values(reading).get("batch.image_size")).hasToString(size);
    assertThat(keys(reading, FindingCode.UNKNOWN_KEY)).isEmpty();
  }

  @Test
  void are_open_where_nobody_says() {
    assertThat(values(of("a.sh", SWIFT))).doesNotContainKey("batch.image_size");
  }
}
