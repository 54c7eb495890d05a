package org.qrm.rest.internal.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.servlet.http.HttpServletRequest;
import org.qrm.api.Expected;
import org.qrm.api.Name;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.commands.Router;

/**
 * {@code If-Match} (RFC 9110, 13.1.1): which states of a thing the caller takes for granted. The service compares, in the step
 * that changes the thing.
 *
 * @param tags the strong ones, with their quotes; a weak one never matches
 * @param any whatever there is, as long as there is something
 */
public record IfMatch(Set<String> tags, boolean any) {

    public static final String HEADER = "If-Match";

    /** RFC 9110, 8.8.3: a comma may be part of a tag. The first group is W/, the second the tag. */
    private static final Pattern ELEMENT =
            Pattern.compile("[ \\t]*(?:(W/)?(\"[\\x21\\x23-\\x7e\\x80-\\xff]*\"))?[ \\t]*(,|$)");

    public IfMatch {
        tags = Set.copyOf(tags);
    }

    /** @throws QrmException INVALID for what is no list of tags, and for the header on a path where nothing heeds it */
    public static void check(Router router, HttpCall call) {
        Optional<IfMatch> given = of(call.request());
        if (given.isPresent()
                && (!router.isTagged(call.route()) || call.route().method().equals("GET"))) {
            throw QrmException.invalid(
                    "heed " + HEADER, Name.printable(call.rawPath()), "it is not heeded here", "Leave it out.");
        }
    }

    /** Empty without the header; several headers are one list. */
    static Optional<IfMatch> of(HttpServletRequest request) {
        List<String> lines = Collections.list(request.getHeaders(HEADER));
        return lines.isEmpty() ? Optional.empty() : Optional.of(parse(String.join(",", lines)));
    }

    static IfMatch parse(String value) {
        if (value.strip().equals("*")) {
            return new IfMatch(Set.of(), true);
        }
        Set<String> strong = new LinkedHashSet<>();
        boolean some = false;
        Matcher element = ELEMENT.matcher(value);
        int at = 0;
        while (at < value.length()) {
            if (!element.region(at, value.length()).lookingAt()) {
                throw malformed(value);
            }
            some |= element.group(2) != null;
            if (element.group(2) != null && element.group(1) == null) {
                strong.add(element.group(2));
            }
            at = element.end();
        }
        if (!some) {
            throw malformed(value);
        }
        return new IfMatch(strong, false);
    }

    private static QrmException malformed(String value) {
        return QrmException.invalid(
                "heed " + HEADER,
                Name.printable(value),
                "it is no list of entity tags",
                "Send the ETag as it came, with its quotes, or *.");
    }

    /**
     * What the caller has seen.
     *
     * @param path of the thing, for people
     * @param view what is answered of it, from which its tag is made
     */
    <T> Expected<T> expected(String path, Function<T, ?> view) {
        return now -> {
            if (now == null || !(any || tags.contains(tag(view.apply(now))))) {
                throw new Failed(Name.printable(path));
            }
        };
    }

    private static String tag(Object view) {
        try {
            return EntityTag.of(view);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Somebody else was faster. */
    static final class Failed extends QrmException {
        private static final long serialVersionUID = 1L;

        Failed(String path) {
            super(new Problem(
                    Problem.Kind.CONFLICT,
                    "change",
                    path,
                    "it has changed since it was read",
                    "Read it again, and decide anew."));
        }
    }
}
