package org.qrm.plugin.redfish.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.qrm.api.power.PowerState;

/** A machine as its service describes it (DMTF schema ComputerSystem). */
record ComputerSystem(Answer answer) {

    private static final String RESET = "#ComputerSystem.Reset";
    private static final int MOST_PAGES = 20;
    private static final int NAMED = 20;

    /**
     * Finds the machine among the service's systems.
     *
     * @throws org.qrm.api.QrmException also when it is not there, or not named and not the only one; names those that are there
     */
    static ComputerSystem find(Conversation talk) {
        String wanted = talk.service().system();
        Answer root = talk.get(talk.service().root());
        if (wanted.startsWith("/")) {
            return at(talk, talk.follow(root, wanted));
        }
        Set<String> members = members(talk, root);
        List<String> fitting = members.stream()
                .filter(member -> wanted.isEmpty() || id(member).equals(wanted))
                .toList();
        if (fitting.size() == 1) {
            return at(talk, talk.follow(root, fitting.get(0)));
        }
        String there = members.isEmpty() ? "none" : named(talk, members);
        if (wanted.isEmpty()) {
            throw talk.fault()
                    .settings(
                            members.isEmpty()
                                    ? "the service has no system"
                                    : "the service has more than one system, and none was answered: " + there);
        }
        throw talk.fault()
                .settings("the service has " + (fitting.isEmpty() ? "no" : "more than one") + " system "
                        + talk.service().discreet(wanted) + ", but: " + there);
    }

    static ComputerSystem at(Conversation talk, URI place) {
        return new ComputerSystem(talk.get(place));
    }

    private static Set<String> members(Conversation talk, Answer root) {
        String systems = Json.text(root.json(), "Systems", "@odata.id");
        if (systems.isEmpty()) {
            throw talk.fault().odd("the service says nothing of systems at " + root.request());
        }
        Set<String> members = new LinkedHashSet<>();
        Set<URI> pages = new LinkedHashSet<>();
        Optional<URI> page = Optional.of(talk.follow(root, systems));
        while (page.isPresent() && pages.size() < MOST_PAGES && pages.add(page.get())) {
            Answer answer = talk.get(page.get());
            for (JsonNode member : answer.json().path("Members")) {
                String path = Json.text(member, "@odata.id");
                if (!path.isEmpty()) {
                    members.add(talk.follow(answer, path).getRawPath());
                }
            }
            page = Optional.of(Json.text(answer.json(), "Members@odata.nextLink"))
                    .filter(link -> !link.isEmpty())
                    .map(link -> talk.follow(answer, link));
        }
        return members;
    }

    private static String id(String path) {
        String bare = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return bare.substring(bare.lastIndexOf('/') + 1);
    }

    private static String named(Conversation talk, Set<String> members) {
        List<String> names = new ArrayList<>();
        members.stream().limit(NAMED).forEach(member -> names.add(id(member)));
        String more = members.size() > NAMED ? ", and " + (members.size() - NAMED) + " more" : "";
        return talk.service().discreet(String.join(", ", names)) + more;
    }

    /** As the service calls it: {@code On}; empty when it tells none. */
    String powerState() {
        return Json.text(answer.json(), "PowerState");
    }

    /** Whether it has power: also one that has not come up, or not gone down, yet. */
    PowerState power() {
        return switch (powerState()) {
            case "On", "PoweringOn", "PoweringOff" -> PowerState.ON;
            case "Off" -> PowerState.OFF;
            default -> PowerState.UNKNOWN;
        };
    }

    boolean isMoving() {
        return powerState().equals("PoweringOn") || powerState().equals("PoweringOff");
    }

    /** Whether it has come to where it should. */
    boolean is(PowerState wanted) {
        return powerState().equals(wanted == PowerState.ON ? "On" : "Off");
    }

    /** Whether it can be made to boot from there ({@code Pxe}), as far as the service says. */
    boolean offersBoot(String target) {
        JsonNode offered = answer.json().path("Boot").path("BootSourceOverrideTarget@Redfish.AllowableValues");
        return !offered.isArray() || offered.isEmpty() || texts(offered).contains(target);
    }

    /** Where it is switched. */
    URI resetTarget(Conversation talk) {
        String target = Json.text(answer.json(), "Actions", RESET, "target");
        if (target.isEmpty()) {
            throw talk.fault()
                    .odd("the service does not say at " + talk.service().discreet(answer.request())
                            + " how the machine is switched (" + RESET + ")");
        }
        return talk.follow(answer, target);
    }

    /** What can be ordered there; empty when that is not told. */
    Set<String> resetTypes(Conversation talk) {
        JsonNode action = answer.json().path("Actions").path(RESET);
        Set<String> told = texts(action.path("ResetType@Redfish.AllowableValues"));
        String info = Json.text(action, "@Redfish.ActionInfo");
        if (told.isEmpty() && !info.isEmpty()) {
            for (JsonNode parameter : talk.get(talk.follow(answer, info)).json().path("Parameters")) {
                if (Json.text(parameter, "Name").equals("ResetType")) {
                    told.addAll(texts(parameter.path("AllowableValues")));
                }
            }
        }
        return told;
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new LinkedHashSet<>();
        array.forEach(each -> {
            if (each.isTextual()) {
                texts.add(each.textValue());
            }
        });
        return texts;
    }
}
