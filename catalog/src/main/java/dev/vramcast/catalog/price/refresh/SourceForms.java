package dev.vramcast.catalog.price.refresh;

import dev.vramcast.catalog.price.LoadedPrices;
import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.catalog.price.form.Finding;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.market.PriceDate;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads what sources answer, each in its form. */
final class SourceForms {

  private static final String HTML = "<";

  private SourceForms() {}

  /**
   * The offers of an answer.
   *
   * @param day on which it was fetched, which is that of its prices
   * @throws InputException when the answer is not to be believed
   */
  static Answered read(PriceSource source, byte[] answer, PriceDate day) {
    String place = source.address().toString();
    String text = text(answer, place);
    if (text.stripLeading().startsWith(HTML)) {
      throw InputError.of("is a page of HTML and no price list")
          .kind(ErrorKind.MALFORMED)
          .at(Place.of(place))
          .refusal();
    }
    return switch (source.form()) {
      case SKYPILOT -> skyPilot(source, text, day);
      case VAST -> new VastBundles(source, day).read(answer);
      case RUNPOD -> new RunPodTypes(source, day).read(answer);
      case HF_JOBS -> new JobsHardware(source, day).read(answer);
    };
  }

  private static void refuseCurrency(String text, String place) {
    String header = text.lines().findFirst().orElse("").toLowerCase(Locale.ROOT);
    if (List.of(header.split(",")).contains("currency")) {
      throw InputError.of("has a column 'currency', so its prices may not be dollars")
          .kind(ErrorKind.MALFORMED)
          .at(Place.of(place, 1))
          .refusal();
    }
  }

  private static Answered skyPilot(PriceSource source, String text, PriceDate day) {
    String place = source.address().toString();
    refuseCurrency(text, place);
    LoadedPrices prices = PriceLists.fetched(place, source.provider(), text, day);
    prices.findings().stream()
        .filter(found -> found.finding() == Finding.NO_NUMBER)
        .findFirst()
        .ifPresent(
            found -> {
              throw InputError.of()
                  .and(found.detail())
                  .kind(ErrorKind.MALFORMED)
                  .at(found.place())
                  .refusal();
            });
    List<Notice> leftOut =
        prices.findings().stream()
            .filter(found -> found.finding().drops())
            .map(found -> new Notice(Optional.empty(), found.notice().sentence()))
            .toList();
    return new Answered(prices.list().offers(), leftOut);
  }

  private static String text(byte[] answer, String place) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(answer)).toString();
    } catch (CharacterCodingException e) {
      throw InputError.of("is no text in UTF-8")
          .kind(ErrorKind.MALFORMED)
          .at(Place.of(place))
          .refusal(e);
    }
  }
}
