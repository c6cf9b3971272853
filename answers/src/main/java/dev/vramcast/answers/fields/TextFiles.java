package dev.vramcast.answers.fields;

import dev.vramcast.answers.request.JobTexts.Text;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Files that are given by name and text. A name is for messages and is never opened. */
final class TextFiles {

  private static final Subject FILES = new Subject.Item(FieldReader.FILES);

  static final String NAME = "name";
  static final String TEXT = "text";

  private static final int MOST = 20;
  private static final int LONGEST_NAME = 200;

  private TextFiles() {}

  static List<Text> of(@Nullable Object raw) {
    if (raw == null) {
      return List.of();
    }
    if (!(raw instanceof Collection<?> items) || items.size() > MOST) {
      throw InputError.about(FILES)
          .is(raw)
          .allowed("a list of at most ", MOST, " objects with name and text")
          .refusal();
    }
    List<Text> texts = new ArrayList<>();
    items.forEach(item -> texts.add(file(item)));
    return texts;
  }

  private static Text file(Object raw) {
    if (!(raw instanceof Map<?, ?> fields)
        || !Set.of(NAME, TEXT).equals(fields.keySet())
        || !(fields.get(NAME) instanceof String name)
        || !(fields.get(TEXT) instanceof String text)) {
      throw InputError.about(FILES)
          .and(" has an item that is no object with the texts name and text")
          .refusal();
    }
    if (name.isBlank() || name.length() > LONGEST_NAME) {
      throw InputError.about(FILES)
          .and(" has the name ", Shown.given(name))
          .given(name)
          .allowed("1 to ", LONGEST_NAME, " characters")
          .refusal();
    }
    return new Text(Shown.oneLine(name.strip()), text);
  }
}
