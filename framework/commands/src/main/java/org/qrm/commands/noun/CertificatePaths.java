package org.qrm.commands.noun;

import java.time.Instant;
import java.util.List;
import org.qrm.api.ListField;
import org.qrm.api.Sort;
import org.qrm.api.server.ServerCertificate;
import org.qrm.api.user.Role;
import org.qrm.commands.About;
import org.qrm.commands.Answer;
import org.qrm.commands.ApiServices;
import org.qrm.commands.Call;
import org.qrm.commands.Content;
import org.qrm.commands.ListQuery;
import org.qrm.commands.Route;
import org.qrm.commands.VerbSketch;

/** By what the server proves itself. */
public final class CertificatePaths implements Paths {

    private static final String PATH = "/certificates";
    private static final ListQuery<Field> LIST = ListQuery.of(Sort.by(Field.SHA256));

    enum Field implements ListField {
        SHA256(Use.sorts()),
        END(Use.sorts()),
        USE(Use.both(ServerCertificate.Use.class, "only for this"));

        private final Use use;

        Field(Use use) {
            this.use = use;
        }

        @Override
        public Use use() {
            return use;
        }
    }

    private final ApiServices services;

    enum Verb {
        ROTATE_AUTHORITY,
        FORGET_FORMER
    }

    record Action(
            @About(
                    "rotate-authority: another authority, which the present one introduces; forget-former: who trusts the former"
                            + " one only knows the server no more")
            Verb action) {}

    record CertificateView(
            @About("server: its own; between: leads from it to an authority; authority: what machines are to trust")
            ServerCertificate.Use use,

            @About("whom it names (RFC 4514)") String subject,
            @About("who signed it (RFC 4514)") String issuer,
            @About("when it ends") Instant end,

            @About("of its DER encoding, 64 hexadecimal digits")
            String sha256) {
        static CertificateView of(ServerCertificate certificate) {
            return new CertificateView(
                    certificate.use(),
                    certificate.subject(),
                    certificate.issuer(),
                    certificate.end(),
                    certificate.sha256());
        }
    }

    public CertificatePaths(ApiServices services) {
        this.services = services;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(PATH, "By what the server proves itself, and what machines are to trust.")
                        .listed(LIST)
                        .answersListOf(CertificateView.class)
                        .typed(VerbSketch.of("certificate", "list").columns("use", "subject", "end", "sha256"))
                        .by(call -> Answer.ok(LIST.answer(
                                call,
                                Field.SHA256,
                                services.certificates().list().stream()
                                        .map(CertificateView::of)
                                        .toList()))),
                Route.post(PATH + "/actions", "Replaces the server's own authority.")
                        .only(Role.ADMIN)
                        .takes(Action.class)
                        .answers(204, Content.NOTHING)
                        .typed(VerbSketch.action("certificate", "rotate-authority")
                                .about("Makes another authority; who trusts the present one goes on.")
                                .done("The server has another authority; machines trust it from their next boot on."))
                        .typed(VerbSketch.action("certificate", "forget-former")
                                .about("Drops the former authority, once nobody trusts it alone.")
                                .done("The former authority is forgotten."))
                        .by(this::act));
    }

    private Answer act(Call call) throws Exception {
        switch (call.body(Action.class).action) {
            case ROTATE_AUTHORITY -> services.certificates().rotateAuthority();
            case FORGET_FORMER -> services.certificates().forgetFormerAuthority();
        }
        return Answer.NO_CONTENT;
    }
}
