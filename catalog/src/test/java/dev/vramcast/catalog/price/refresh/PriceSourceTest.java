package dev.vramcast.catalog.price.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceSourceTest {

  private static final String HEADER = "name\tprovider\tform\taddress\tbody\tsource\n";

  @TempDir private Path folder;

  @Test
  void the_program_s_own_sources_are_asked_by_https_and_have_names_of_their_own() {
    List<PriceSource> all = PriceSource.all(Map.of());

    assertThat(all).extracting(PriceSource::name).contains("aws", "vast", "runpod", "huggingface");
    assertThat(all).allMatch(source -> source.address().getScheme().equals("https"));
    assertThat(PriceSource.named(all, List.of("vast"))).hasSize(1);
    assertThatThrownBy(() -> PriceSource.named(all, List.of("runpot")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("--source is 'runpot'")
        .hasMessageEndingWith("Did you mean 'runpod'?");
  }

  @Test
  void a_file_of_one_s_own_takes_their_place() throws IOException {
    String row = "mine\tme\tskypilot\thttps://prices.example/vms.csv\t\tours\n";
    Path file = Files.writeString(folder.resolve("sources.tsv"), HEADER + row);

    assertThat(PriceSource.all(Map.of(PriceSource.VARIABLE, file.toString())))
        .extracting(PriceSource::name)
        .containsExactly("mine");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mine|me|skypilot|http://prices.example/vms.csv|address is 'http://prices.example",
        "mine|me|skypilot|file:///etc/passwd|address is 'file:///etc/passwd'",
        "mine|me|skypilot|ftp://prices.example/|address is",
        "mine|me|skypilot|no address|address is 'no address'",
        "mine|me|csv|https://prices.example/|form is 'csv'",
        "../mine|me|vast|https://prices.example/|name is '../mine'",
      })
  void an_address_or_a_name_that_is_not_safe_is_refused(
      String name, String provider, String form, String address, String reason) throws IOException {
    String row = String.join("\t", name, provider, form, address, "", "x") + "\n";
    Path file = Files.writeString(folder.resolve("sources.tsv"), HEADER + row);

    assertThatThrownBy(() -> PriceSource.all(Map.of(PriceSource.VARIABLE, file.toString())))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(reason)
        .hasMessageContaining("sources.tsv:2");
  }
}
