package dev.vramcast.catalog.price;

import dev.vramcast.catalog.price.form.Findings;
import dev.vramcast.catalog.price.form.GpuhuntForm;
import dev.vramcast.catalog.price.form.Origin;
import dev.vramcast.catalog.price.form.OwnForm;
import dev.vramcast.catalog.price.form.OwnTerms;
import dev.vramcast.catalog.price.form.PriceForm;
import dev.vramcast.catalog.price.form.SkyPilotForm;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.PriceDate;
import dev.vramcast.core.market.PriceList;
import dev.vramcast.input.table.CsvTable;
import dev.vramcast.input.table.Row;
import dev.vramcast.input.table.Table;
import dev.vramcast.input.table.YamlTable;
import dev.vramcast.input.text.TextFile;
import dev.vramcast.input.text.Unreadable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads a user's price list, whose form is seen from its columns. */
final class PriceFile {

  private static final String YAML_KEY = "prices";

  /** Names of files that say nothing about the provider; that of their folder does. */
  private static final Set<String> PLAIN_NAMES = Set.of("vms", "catalog", "latest", "prices");

  private PriceFile() {}

  /**
   * Reads a file.
   *
   * @param asOf the day of its prices, where the file has none; empty to take the file's own
   */
  static LoadedPrices read(Path file, Optional<PriceDate> asOf) {
    String source = Shown.oneLine(file.toString());
    String text = TextFile.read(file);
    boolean yaml = source.toLowerCase(Locale.ROOT).matches(".*\\.ya?ml");
    Table table = yaml ? YamlTable.read(source, text, YAML_KEY) : CsvTable.read(source, text);
    Origin origin = new Origin(source, provider(file), asOf.orElseGet(() -> date(file)));
    boolean undated = table.rows().stream().anyMatch(row -> row.text("as_of").isEmpty());
    return read(table, origin, source, asOf.isEmpty() && undated);
  }

  /** The offers of a table. */
  static LoadedPrices read(Table table, Origin origin, String title, boolean dateAssumed) {
    PriceForm form = PriceForm.of(table.columns()).orElseThrow(() -> unknown(table));
    Findings findings = new Findings();
    List<Offer> offers =
        switch (form) {
          case OWN -> OwnForm.offers(table, origin);
          case SKYPILOT -> new SkyPilotForm(table, origin, findings).offers();
          case GPUHUNT -> new GpuhuntForm(table, origin, findings).offers();
        };
    if (offers.isEmpty() && findings.all().isEmpty()) {
      throw InputError.of("has no row with a GPU and a price")
          .kind(ErrorKind.MALFORMED)
          .at(Place.of(table.source()))
          .refusal();
    }
    int rows = (int) table.rows().stream().filter(row -> namesGpu(form, row)).count();
    boolean saysHosts = table.columns().contains(OwnTerms.HOSTING);
    List<Offer> complete =
        offers.stream().map(offer -> KnownMachines.complete(offer, saysHosts)).toList();
    PriceList list = new PriceList(origin.name(), title, complete);
    return new LoadedPrices(list, form, rows, dateAssumed, findings.all());
  }

  private static boolean namesGpu(PriceForm form, Row row) {
    return switch (form) {
      case OWN -> true;
      case SKYPILOT -> SkyPilotForm.namesGpu(row);
      case GPUHUNT -> GpuhuntForm.namesGpu(row);
    };
  }

  private static InputException unknown(Table table) {
    String known =
        Arrays.stream(PriceForm.values()).map(PriceForm::label).collect(Collectors.joining(", "));
    String columns = Shown.oneLine(String.join(",", table.columns()));
    String hint =
        columns.contains(";") || columns.contains("\t") ? "; cells must be divided by commas" : "";
    return InputError.of("the columns '", columns, "' are those of no known form, known: ", known)
        .kind(ErrorKind.UNKNOWN_FORMAT)
        .at(table.columns().stream().findFirst().map(table::at).orElse(Place.of(table.source())))
        .hint(hint)
        .refusal();
  }

  private static String provider(Path file) {
    Path whole = file.toAbsolutePath().normalize();
    String stem = String.valueOf(whole.getFileName()).replaceFirst("\\.[^.]*$", "");
    Path folder = whole.getParent();
    boolean plain = PLAIN_NAMES.contains(stem.toLowerCase(Locale.ROOT));
    Path name = plain && folder != null ? folder.getFileName() : null;
    return Shown.oneLine(name == null ? stem : name.toString()).toLowerCase(Locale.ROOT);
  }

  private static PriceDate date(Path file) {
    try {
      LocalDate day =
          LocalDate.ofInstant(Files.getLastModifiedTime(file).toInstant(), ZoneOffset.UTC);
      return PriceDate.of(day);
    } catch (IOException e) {
      throw Unreadable.refusal(file, e);
    } catch (IllegalArgumentException e) {
      throw InputError.of("has no usable date")
          .kind(ErrorKind.MISSING)
          .at(Place.of(file.toString()))
          .hint("say how old its prices are")
          .refusal(e);
    }
  }
}
