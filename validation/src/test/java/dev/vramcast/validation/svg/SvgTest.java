package dev.vramcast.validation.svg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.xml.sax.InputSource;

@Isolated("it sets the locale of the process")
class SvgTest {

  @Test
  void elements_stand_in_what_was_opened() {
    String picture =
        new Svg(20, 10, "Two lines")
            .open("g", "fill", "none")
            .element("line", "x1", 1.5, "y1", 2, "x2", 1.0 / 3, "y2", -0.001)
            .close()
            .text(1, 2, "end")
            .finish();

    assertThat(picture)
        .isEqualTo(
            """
            <svg xmlns="http://www.w3.org/2000/svg" width="20" height="10" viewBox="0 0 20 10" \
            role="img" font-family="system-ui, sans-serif">
              <title>Two lines</title>
              <rect width="20" height="10" fill="#ffffff"/>
              <g fill="none">
                <line x1="1.5" y1="2" x2="0.33" y2="0"/>
              </g>
              <text x="1" y="2">end</text>
            </svg>
            """);
  }

  @Test
  void hostile_text_stays_text() throws Exception {
    String text = "<script>\"&'\u0000\u001b\ud800\uffff</script>]]>";

    String picture = new Svg(1, 1, text).text(0, 0, text, "class", text).titled(text, "g").finish();

    var parsed =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(picture)));
    assertThat(parsed.getElementsByTagName("script").getLength()).isZero();
    assertThat(parsed.getElementsByTagName("text").item(0).getTextContent())
        .isEqualTo("<script>\"&'????</script>]]>");
  }

  @Test
  void numbers_do_not_depend_on_the_locale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(new Svg(1, 1, "").element("a", "x", 12345.25).finish()).contains("\"12345.25\"");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void an_attribute_needs_a_value() {
    assertThatThrownBy(() -> new Svg(1, 1, "").element("a", "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
