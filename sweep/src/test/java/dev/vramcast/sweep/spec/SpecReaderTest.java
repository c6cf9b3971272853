package dev.vramcast.sweep.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.model.ModelCatalog;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobDocument.Entry;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.sweep.product.Axis;
import dev.vramcast.sweep.product.CardPlace;
import dev.vramcast.sweep.product.Product;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecReaderTest {

  @Test
  void a_plain_job_document_is_one_combination() {
    Product product = product("model: {id: gpt2}\nmethod: full\nhardware: {gpu: L4}\n");

    assertThat(product.rows()).isEqualTo(1);
    assertThat(product.job(0).text(JobKey.MODEL_ID)).contains("gpt2");
    assertThat(product.places()).hasSize(1);
  }

  @Test
  void lists_and_ranges_are_alternatives() {
    assertThat(values("batch: {micro_batch: [1, 2, 8]}")).containsExactly(1, 2, 8);
    assertThat(values("batch: {sequence_length: {from: 1024, to: 9000, times: 2}}"))
        .containsExactly(1024, 2048, 4096, 8192);
    assertThat(values("lora: {rank: {from: 8, to: 24, step: 8}}")).containsExactly(8, 16, 24);
    assertThat(values("data: {tokens: {from: 1e6, to: 1e8, times: 10}}"))
        .containsExactly(1e6, 1e7, 1e8);
  }

  @Test
  void of_a_key_that_takes_a_list_only_a_list_of_lists_is_alternatives() {
    assertThat(values("lora: {targets: [q_proj, v_proj]}"))
        .containsExactly(List.of("q_proj", "v_proj"));
    assertThat(values("lora: {targets: [[q_proj, v_proj], all-linear]}"))
        .containsExactly(List.of("q_proj", "v_proj"), List.of("all-linear"));
  }

  @Test
  void all_models_and_all_cards_are_those_of_the_catalogue() {
    Product product = product("models: all\ngpus: all\nmethod: [lora, qlora]\n");

    long models = ModelCatalog.embedded().names().size();
    long cards = GpuCatalog.embedded().all().size();
    assertThat(product.rows()).isEqualTo(2 * models * cards);
  }

  @Test
  void gpus_are_filters() {
    Product product = product("model: {id: gpt2}\ngpus: ['24GB', H200]\n");

    assertThat(product.places())
        .isNotEmpty()
        .allMatch(
            place ->
                place.gpu().memory().marketedGigabytes() == 24
                    || place.gpu().name().contains("H200"));
  }

  @Test
  void each_offer_is_a_row_for_each_way_it_is_rented() {
    Product product =
        product("model: {id: gpt2}\noffers: {purchase: [on-demand, spot]}\nhardware: {count: 1}\n");

    assertThat(product.places()).allMatch(place -> place.count().getAsInt() == 1);
    assertThat(product.places().stream().map(SpecReaderTest::purchase).distinct())
        .containsExactlyInAnyOrder(Purchase.ON_DEMAND, Purchase.SPOT);
    assertThat(product.rows()).isEqualTo(product.places().size());
  }

  @Test
  void data_change_fastest_and_are_no_part_of_the_settings() {
    Product product =
        product("data: {tokens: [1e6, 1e7]}\nmodel: {id: gpt2}\nmethod: [full, lora]\n");

    assertThat(product.jobs()).isEqualTo(2);
    assertThat(product.dataSets()).isEqualTo(2);
    assertThat(product.job(1).has(JobKey.TOKENS)).isFalse();
  }

  @Test
  void a_product_that_cannot_be_counted_has_the_largest_number() {
    StringBuilder spec = new StringBuilder("batch:\n");
    String range = "{from: 1, to: 1000, step: 1}\n";
    spec.append("  micro_batch: ").append(range).append("  grad_accum: ").append(range);
    spec.append("  sequence_length: ").append(range).append("lora:\n  rank: ").append(range);
    spec.append("  alpha: ").append(range).append("hardware:\n  count: ").append(range);
    spec.append("parallelism:\n  tensor: ").append(range);

    assertThat(product(spec.toString()).rows()).isEqualTo(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "modles: all | :1: unknown key 'modles'. Did you mean 'models'?",
        "batch: {micro_bach: 1} | unknown key 'batch.micro_bach'",
        "method: [lora, qlorra] | :1:16: method is 'qlorra', allowed: full, lora",
        "method: [lora, lora] | :1:16: method has 'lora' twice",
        "method: [] | method has 0 values",
        "method: {from: 1, to: 2, step: 1} | method holds an object",
        "lora: {rank: {from: 1, to: 9}} | as {from: 1024, to: 8192, times: 2}",
        "lora: {rank: {from: 9, to: 1, step: 1}} | a range that does not rise",
        "lora: {rank: {from: 1, to: 9, times: 1}} | a range that does not rise",
        "lora: {rank: {from: 1, to: 1e9, step: 1}} | more than 1000 values",
        "lora: {rank: {from: a, to: 9, step: 1}} | lora.rank from is 'a', allowed: a number",
        "lora: {rank: {from: 1, to: 3, times: 1.5}} | lora.rank is 1.5",
        "lora: {rank: } | lora.rank has no value",
        "lora: 3 | lora holds 3",
        "models: [3] | models has 3, allowed: all, a name",
        "gpus: [H100:8] | gpus has a count, allowed: hardware.count",
        "models: gpt2~gpus: [L4, H1OO] | sweep.yaml:2:12, gpus: 'H1OO' matches no GPU",
        "offers: {provider: aws} | unknown key 'offers.provider'. Did you mean 'providers'?",
        "offers: {providers: nobody} | leaves no offer",
        "offers: {purchase: rent} | has 'rent', allowed: on-demand, spot",
        "offers: some | allowed: all, cheapest, or an object",
        "{models: gpt2, model: {id: gpt2}} | model.id is given beside",
        "{gpus: all, hardware: {gpu: L4}} | hardware.gpu is given beside",
        "[1] | holds no keys",
      })
  void what_is_wrong_is_one_line_with_its_place(String spec, String message) {
    assertThatThrownBy(() -> product(spec.replace('~', '\n')))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n");
  }

  private static Purchase purchase(CardPlace place) {
    return place.rent().orElseThrow().purchase();
  }

  private static List<Object> values(String spec) {
    Axis axis = SpecReader.read(spec, "sweep.yaml").axes().get(0);
    return axis.values().stream().map(Entry::value).toList();
  }

  private static Product product(String spec) {
    return SpecReader.read(spec, "sweep.yaml").product();
  }
}
