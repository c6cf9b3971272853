package dev.vramcast.catalog.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.job.option.GgufType;
import dev.vramcast.core.life.file.GgufFile;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Files of llama.cpp's against the sizes that bartowski's repositories on the Hub list, in GB to
 * two places, which hold a tokenizer of up to 10 MB too.
 */
class PublishedGgufTest {

  private static final ModelCatalog MODELS = ModelCatalog.embedded();
  private static final double GB = 1e9;

  @ParameterizedTest(name = "{0} in {1}")
  @CsvSource({
    "llama-3.1-8b, Q4_K_M, 4.92",
    "llama-3.1-8b, Q5_K_M, 5.73",
    "llama-3.1-8b, Q6_K, 6.60",
    "llama-3.1-8b, Q8_0, 8.54",
    "llama-3.1-70b, Q4_K_M, 42.52",
    "qwen2.5-7b, Q4_K_M, 4.68",
    "qwen2.5-7b, Q5_K_M, 5.44",
    "qwen2.5-7b, Q6_K, 6.25",
    "qwen2.5-7b, Q8_0, 8.10",
    "llama-3.2-1b, Q4_K_M, 0.81",
    "llama-3.2-1b, Q6_K, 1.02",
    "llama-3.2-1b, Q8_0, 1.32",
    "llama-3.2-1b, F16, 2.48",
    "mistral-7b, Q4_K_M, 4.37",
    "mistral-7b, Q5_K_M, 5.14",
    "mistral-7b, Q6_K, 5.95",
    "mistral-7b, Q8_0, 7.70",
  })
  void a_file_is_as_large_as_the_one_that_was_published(String model, String type, double listed) {
    Architecture architecture = Families.read(MODELS.find(model).orElseThrow().config());

    double found = GgufFile.bytes(architecture, GgufType.valueOf(type)) / GB;

    assertThat(found)
        .as(String.format(Locale.ROOT, "%.4f", found))
        .isEqualTo(listed, offset(0.006 + 0.01));
  }
}
