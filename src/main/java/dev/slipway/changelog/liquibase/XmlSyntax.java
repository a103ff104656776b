package dev.slipway.changelog.liquibase;

import dev.slipway.migration.ChangelogProblem;
import dev.slipway.migration.Origin;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.XMLReader;
import org.xml.sax.helpers.DefaultHandler;

/// XML as a tree of nodes. A document type declaration is refused, and with it every entity but
/// XML's own five; nothing outside of the file is ever opened. What stands in the file is judged by
/// what Liquibase makes of it, not by a schema, in XML as in the other syntaxes.
final class XmlSyntax extends DefaultHandler {
  static final String NAMESPACE = "http://www.liquibase.org/xml/ns/dbchangelog";
  private static final String SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance";
  private static final Pattern SCHEMA = Pattern.compile("dbchangelog-(\\d+)\\.(\\d+)\\.xsd");

  /// That of the Liquibase release whose changes are known.
  private static final int NEWEST_MAJOR = 4;

  private static final int NEWEST_MINOR = 33;

  /// No changelog nests as deep; the tree is walked by recursion.
  private static final int DEEPEST = 200;

  private final String file;
  private final List<ChangelogProblem> problems;
  private final Deque<Node> open = new ArrayDeque<>();
  private final Deque<StringBuilder> texts = new ArrayDeque<>();
  private final Deque<int[]> textLines = new ArrayDeque<>();
  private @Nullable Node root;
  private @Nullable Locator locator;

  private XmlSyntax(String file, List<ChangelogProblem> problems) {
    this.file = file;
    this.problems = problems;
  }

  /// The root element; empty if there is none, with a problem that says why.
  static Optional<Node> read(String file, byte[] content, List<ChangelogProblem> problems) {
    var handler = new XmlSyntax(file, problems);
    try {
      SAXParserFactory factory = SAXParserFactory.newDefaultNSInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
      factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
      XMLReader reader = factory.newSAXParser().getXMLReader();
      reader.setContentHandler(handler);
      reader.setErrorHandler(handler);
      reader.parse(new InputSource(new ByteArrayInputStream(content)));
    } catch (SAXParseException e) {
      problems.add(handler.malformed(e));
      return Optional.empty();
    } catch (IOException | SAXException e) {
      problems.add(
          new ChangelogProblem(
              new Origin(file, handler.line()),
              "could not read the XML: " + e.getMessage(),
              "Write the file as UTF-8."));
      return Optional.empty();
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("every Java platform parses XML", e);
    }
    return Optional.ofNullable(handler.root);
  }

  private ChangelogProblem malformed(SAXParseException e) {
    var origin = new Origin(file, Math.max(1, e.getLineNumber()));
    String message = String.valueOf(e.getMessage());
    return message.contains("DOCTYPE")
        ? new ChangelogProblem(
            origin,
            "a document type declaration in a changelog",
            "Take the DOCTYPE out; properties of the changelog do what entities did.")
        : new ChangelogProblem(
            origin,
            "not well-formed XML: " + message.lines().findFirst().orElse(""),
            "Mend it at column %d.".formatted(Math.max(1, e.getColumnNumber())));
  }

  @Override
  public void setDocumentLocator(Locator locator) {
    this.locator = locator;
  }

  @Override
  public void error(SAXParseException e) throws SAXException {
    throw e;
  }

  private int line() {
    return locator == null ? 1 : Math.max(1, locator.getLineNumber());
  }

  @Override
  public void startElement(String uri, String localName, String qName, Attributes attributes)
      throws SAXException {
    if (open.size() == DEEPEST) {
      throw new SAXParseException("elements are nested too deep", locator);
    }
    var node = new Node(isOurs(uri) ? "" : uri, localName, line());
    for (int i = 0; i < attributes.getLength(); i++) {
      addAttribute(node, attributes, i);
    }
    if (open.isEmpty()) {
      root = node;
    } else {
      open.peek().add(node);
    }
    open.push(node);
    texts.push(new StringBuilder());
    textLines.push(new int[] {0});
  }

  private static boolean isOurs(String uri) {
    return uri.isEmpty() || uri.equals(NAMESPACE) || uri.startsWith(NAMESPACE + "/");
  }

  private void addAttribute(Node node, Attributes attributes, int index) {
    if (attributes.getURI(index).equals(SCHEMA_INSTANCE)) {
      refuseNewerSchema(attributes.getValue(index));
    } else {
      String uri = attributes.getURI(index);
      node.add(
          new Node(isOurs(uri) ? "" : uri, attributes.getLocalName(index), line())
              .addValue(attributes.getValue(index), line()));
    }
  }

  private void refuseNewerSchema(String location) {
    Matcher version = SCHEMA.matcher(location);
    while (version.find()) {
      int major = number(version.group(1));
      int minor = number(version.group(2));
      if (major > NEWEST_MAJOR || (major == NEWEST_MAJOR && minor > NEWEST_MINOR)) {
        problems.add(
            new ChangelogProblem(
                new Origin(file, line()),
                "schema version %s.%s is not known".formatted(version.group(1), version.group(2)),
                "Name one up to %d.%d, or dbchangelog-latest.xsd."
                    .formatted(NEWEST_MAJOR, NEWEST_MINOR)));
      }
    }
  }

  private static int number(String digits) {
    return digits.length() > 4 ? Integer.MAX_VALUE : Integer.parseInt(digits);
  }

  @Override
  public void characters(char[] characters, int start, int length) {
    StringBuilder text = texts.element();
    String chunk = new String(characters, start, length);
    if (text.isEmpty() && chunk.isBlank()) {
      return;
    }
    if (text.isEmpty()) {
      String blank = chunk.substring(0, chunk.length() - chunk.stripLeading().length());
      textLines.element()[0] = line() - lineEnds(chunk) + lineEnds(blank);
    }
    text.append(chunk);
  }

  private static int lineEnds(String text) {
    return (int) text.chars().filter(c -> c == '\n').count();
  }

  @Override
  public void endElement(String uri, String localName, String qName) {
    Node node = open.pop();
    String text = texts.pop().toString().stripLeading();
    int textLine = textLines.pop()[0];
    if (!text.isEmpty()) {
      node.addValue(text.stripTrailing(), textLine);
      // A comment may stand in it, or an escaped line break.
      if (textLine + lineEnds(text) != line()) {
        node.onOneLine();
      }
    }
  }
}
