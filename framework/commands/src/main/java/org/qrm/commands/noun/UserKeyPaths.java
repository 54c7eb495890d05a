package org.qrm.commands.noun;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.qrm.api.ListField;
import org.qrm.api.Sort;
import org.qrm.api.user.Role;
import org.qrm.api.user.UserKey;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.Content;
import org.qrm.commands.ListQuery;
import org.qrm.commands.Route;
import org.qrm.commands.Summarised;
import org.qrm.commands.VerbSketch;

/** By which public keys users log in at the SSH console. */
public final class UserKeyPaths implements Paths {

    private static final String PATH = "/users/{name}/keys";
    private static final ListQuery<Field> LIST = ListQuery.of(Sort.by(Field.FINGERPRINT));

    private final ApiServices services;

    enum Field implements ListField {
        FINGERPRINT(Use.sorts()),
        TYPE(Use.sorts());

        private final Use use;

        Field(Use use) {
            this.use = use;
        }

        @Override
        public Use use() {
            return use;
        }
    }

    record UserKeyView(
            @About("SHA256: and the digest in base64, as ssh-keygen -l shows it")
            String fingerprint,

            @About("what kind of key it is, as ssh-ed25519") String type,
            @About("its length") int bits,
            @About("what stands behind it, for people") String comment) {
        static UserKeyView of(UserKey key) {
            return new UserKeyView(key.fingerprint(), key.type(), key.bits(), key.comment());
        }
    }

    record NewKey(
            @About(
                    value = "the line of a .pub file: type, key, and a comment if there is one, without options",
                    most = 8192)
            String key)
            implements Summarised {

        /** Its fingerprint; what is no key may be one that is nobody's business. */
        @Override
        public String summary() {
            String[] words = key == null ? new String[0] : key.strip().split("[ \t]+", 3);
            try {
                byte[] blob = Base64.getDecoder().decode(words.length < 2 ? "" : words[1]);
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(blob);
                return "fingerprint=SHA256:"
                        + Base64.getEncoder().withoutPadding().encodeToString(digest);
            } catch (IllegalArgumentException noKey) {
                return "";
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java runtime has SHA-256", e);
            }
        }
    }

    enum Verb {
        REMOVE_KEY
    }

    record Removal(
            @About("what to do") Verb action,

            @About(value = "of the key, as the list shows it", most = 100)
            String fingerprint) {}

    public UserKeyPaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(PATH, "Lists the public keys by which a user logs in at the SSH console.")
                        .only(Role.ADMIN)
                        .listed(LIST)
                        .answersListOf(UserKeyView.class)
                        .typed(VerbSketch.of("user", "list-keys").columns("fingerprint", "type", "bits", "comment"))
                        .by(call -> Answer.ok(LIST.answer(
                                call,
                                Field.FINGERPRINT,
                                services.userKeys().list(call.path("name")).stream()
                                        .map(UserKeyView::of)
                                        .toList()))),
                Route.post(PATH, "Lets a user log in at the SSH console by a key.")
                        .only(Role.ADMIN)
                        .takes(NewKey.class)
                        .personal()
                        .answers(200, UserKeyView.class)
                        .by(this::add),
                Route.post(PATH + "/actions", "Takes a key away from a user; consoles that are open stay open.")
                        .only(Role.ADMIN)
                        .takes(Removal.class)
                        .personal()
                        .answers(204, Content.NOTHING)
                        .typed(VerbSketch.action("user", "remove-key")
                                .argument("fingerprint")
                                .done("{name} has the key {fingerprint} no longer."))
                        .by(this::remove));
    }

    private Answer add(Call call) throws Exception {
        NewKey given = call.body(NewKey.class);
        return Answer.ok(UserKeyView.of(services.userKeys().add(call.path("name"), given.key)));
    }

    private Answer remove(Call call) throws Exception {
        services.userKeys().remove(call.path("name"), call.body(Removal.class).fingerprint);
        return Answer.NO_CONTENT;
    }
}
