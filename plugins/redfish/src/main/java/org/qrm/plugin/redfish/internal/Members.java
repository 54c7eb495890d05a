package org.qrm.plugin.redfish.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;

/** Things that a service refers to, as far as it has them. A bounded number: each may cost a request. */
final class Members {

    private static final int MOST_PAGES = 20;

    private Members() {}

    /** A thing that an answer refers to by that name; empty when it does not, or the service does not have it. */
    static Optional<Answer> one(Conversation talk, Answer from, String... names) {
        return reference(from.json(), names).flatMap(path -> got(talk, talk.follow(from, path)));
    }

    /** Things that are listed in an answer itself, each by a reference. */
    static List<Answer> listed(Conversation talk, Answer from, int most, JsonNode references) {
        List<Answer> all = new ArrayList<>();
        for (JsonNode each : references) {
            if (all.size() < most) {
                reference(each)
                        .flatMap(path -> got(talk, talk.follow(from, path)))
                        .ifPresent(all::add);
            }
        }
        return all;
    }

    /** Members of a collection: as they are in it, or got one by one where it has references alone. */
    static List<JsonNode> of(Conversation talk, Answer collection, int most) {
        List<JsonNode> all = new ArrayList<>();
        Set<URI> pages = new LinkedHashSet<>();
        Optional<Answer> page = Optional.of(collection);
        while (page.isPresent()
                && pages.size() < MOST_PAGES
                && pages.add(page.get().place())) {
            Answer here = page.get();
            for (JsonNode member : here.json().path("Members")) {
                if (all.size() >= most) {
                    return all;
                }
                if (member.size() > 1) {
                    all.add(member);
                } else {
                    reference(member)
                            .flatMap(path -> got(talk, talk.follow(here, path)))
                            .ifPresent(answer -> all.add(answer.json()));
                }
            }
            String next = Json.text(here.json(), "Members@odata.nextLink");
            page = next.isEmpty() ? Optional.empty() : got(talk, talk.follow(here, next));
        }
        return all;
    }

    private static Optional<String> reference(JsonNode node, String... names) {
        JsonNode at = node;
        for (String name : names) {
            at = at.path(name);
        }
        return Optional.of(Json.text(at, "@odata.id")).filter(path -> !path.isEmpty());
    }

    /** What a service refers to and does not have, or does not show to this user, is left out. */
    private static Optional<Answer> got(Conversation talk, URI place) {
        try {
            return Optional.of(talk.get(place));
        } catch (QrmException refused) {
            if (refused.problem().kind() != Problem.Kind.FAILED) {
                throw refused;
            }
            return Optional.empty();
        }
    }
}
