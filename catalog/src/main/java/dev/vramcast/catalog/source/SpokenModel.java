package dev.vramcast.catalog.source;

import dev.vramcast.catalog.model.ModelCatalog;
import dev.vramcast.catalog.model.ModelEntry;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.value.NamedBits;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A model by the words that people have for it. */
record SpokenModel(ModelCatalog catalog) {

  private static final int MOST_CHOICES = 8;

  /** A size, which is no name of one model. */
  private static final Pattern SIZE = Pattern.compile("\\d{1,4}(?:\\.\\d{1,3})?\\s*[bB]");

  private static final Subject ANY_OF_SIZE = new Subject.Flag("--params");

  /**
   * What people call a model.
   *
   * @param said what was given, of which the text is a part; messages name that
   * @throws InputException where several models are called so
   */
  Optional<LocatedModel> find(String text, String said) {
    List<String> names = catalog.spokenLoosely(text);
    if (names.size() > 1) {
      int rest = names.size() - MOST_CHOICES;
      InputError several =
          InputError.value(said, " may be any of '")
              .and(String.join("', '", names.subList(0, Math.min(MOST_CHOICES, names.size()))), "'")
              .and(rest > 0 ? " and " + rest + " more" : "")
              .concerning(JobKey.MODEL_ID)
              .choices(names);
      boolean size = SIZE.matcher(text.strip()).matches();
      throw (size ? several.hint(ANY_OF_SIZE, " ", text.strip(), " is any of that size") : several)
          .refusal();
    }
    return names.stream()
        .findFirst()
        .flatMap(catalog::find)
        .map(entry -> spoken(text.strip(), said.strip(), names.get(0), entry));
  }

  /**
   * The model that is meant. Another repository than the original goes by its own name, so that
   * nobody reads of a model that was not asked for.
   *
   * @param name what of the catalogue the words are, which may be a repository
   */
  private LocatedModel spoken(String text, String said, String name, ModelEntry entry) {
    boolean own = catalog.names().contains(name) || entry.aliases().contains(name);
    String repository = catalog.repository(entry, own ? text : name);
    String taken = own ? entry.name() : repository;
    List<String> left = catalog.leftOut(text, repository + " " + taken + " " + name);
    String shape = own ? "" : ", which has the shape of '" + entry.name() + "'";
    String without = left.isEmpty() ? "" : ", leaving out '" + String.join("', '", left) + "'";
    Notice notice = Notice.of(Shown.given(said), " is taken as ", Shown.given(taken));
    boolean itself = own && left.isEmpty() && letters(said).equals(letters(taken));
    List<Notice> notices = itself ? List.of() : List.of(notice.and(shape, without));
    LocatedModel model = ModelLocator.ofCatalog(entry, notices).called(taken);
    return Stream.of(text, taken)
        .filter(each -> NamedBits.areFour(each) || NamedBits.scheme(each).isPresent())
        .findFirst()
        .map(model::copied)
        .orElse(model);
  }

  /** What is left without blanks and hyphens, of which nobody needs to hear. */
  private static String letters(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[\\s_-]", "");
  }
}
