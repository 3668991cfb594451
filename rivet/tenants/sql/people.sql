-- A person sees themselves, and the members of the firm being served. Signing in is the one moment of looking people up.
ALTER TABLE tenants_tenant ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants_tenant FORCE ROW LEVEL SECURITY;
ALTER TABLE tenants_membership ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants_membership FORCE ROW LEVEL SECURITY;
ALTER TABLE tenants_user ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants_user FORCE ROW LEVEL SECURITY;

CREATE POLICY members_see ON tenants_membership FOR SELECT
    USING (user_id = (SELECT rivet_user_id()) OR tenant_id = (SELECT rivet_tenant_id_if_set()));
CREATE POLICY tenant_adds ON tenants_membership FOR INSERT WITH CHECK (tenant_id = (SELECT rivet_tenant_id_if_set()));
CREATE POLICY tenant_changes ON tenants_membership FOR UPDATE USING (tenant_id = (SELECT rivet_tenant_id_if_set()));
CREATE POLICY tenant_ends ON tenants_membership FOR DELETE USING (tenant_id = (SELECT rivet_tenant_id_if_set()));

CREATE POLICY members_see ON tenants_tenant FOR SELECT
    USING (id = (SELECT rivet_tenant_id_if_set())
           OR EXISTS (SELECT 1 FROM tenants_membership m
                      WHERE m.tenant_id = tenants_tenant.id AND m.user_id = (SELECT rivet_user_id())));
CREATE POLICY sign_up_adds ON tenants_tenant FOR INSERT WITH CHECK (id = (SELECT rivet_tenant_id_if_set()));
CREATE POLICY tenant_changes ON tenants_tenant FOR UPDATE USING (id = (SELECT rivet_tenant_id_if_set()));

CREATE POLICY person_sees ON tenants_user FOR SELECT
    USING (id = (SELECT rivet_user_id()) OR (SELECT rivet_signing_in())
           OR EXISTS (SELECT 1 FROM tenants_membership m
                      WHERE m.user_id = tenants_user.id AND m.tenant_id = (SELECT rivet_tenant_id_if_set())));
CREATE POLICY sign_up_adds ON tenants_user FOR INSERT WITH CHECK ((SELECT rivet_signing_in()));
CREATE POLICY person_changes ON tenants_user FOR UPDATE
    USING (id = (SELECT rivet_user_id()) OR (SELECT rivet_signing_in()));

-- The audit record is written and read, never changed. Firms are never deleted by the application.
REVOKE UPDATE, DELETE ON tenants_auditevent FROM rivet_app;
REVOKE DELETE ON tenants_tenant, tenants_user FROM rivet_app;
