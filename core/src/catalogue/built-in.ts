import type { CatalogueFile } from './catalogue.ts';

/**
 * The catalogue of the newest public API documents (seed 000; wire.md §4, era E), with every older name as an alias.
 * Labels in English follow the documented human form (wire.md §1.4) where there is one.
 */
export const builtInCatalogue: CatalogueFile = {
  name: 'built-in',
  areas: {
    marketing: { label: { en: 'Marketing', fr: 'Marketing' } },
    conversations: { label: { en: 'Conversations', fr: 'Conversations' } },
    crm: { label: { en: 'Sales CRM', fr: 'CRM commercial' } },
    transactional: { label: { en: 'Transactional', fr: 'Transactionnel' } },
    phone: { label: { en: 'Phone', fr: 'Téléphone' } },
    meetings: { label: { en: 'Meetings', fr: 'Réunions' } },
    sequences: { label: { en: 'Sequences', fr: 'Séquences' } },
  },
  features: {
    email_campaigns: {
      label: { en: 'Email campaign', fr: 'Campagnes e-mail' },
      area: 'marketing',
      permissions: {
        create_edit_delete: { label: { en: 'Create / edit / delete', fr: 'Créer / modifier / supprimer' } },
        send_schedule_suspend: { label: { en: 'Send / schedule / suspend', fr: 'Envoyer / planifier / suspendre' } },
      },
    },
    sms_campaigns: {
      label: { en: 'SMS campaign', fr: 'Campagnes SMS' },
      area: 'marketing',
      permissions: {
        create_edit_delete: { label: { en: 'Create / edit / delete', fr: 'Créer / modifier / supprimer' } },
        send_schedule_suspend: { label: { en: 'Send / schedule / suspend', fr: 'Envoyer / planifier / suspendre' } },
      },
    },
    contacts: {
      label: { en: 'Contacts', fr: 'Contacts' },
      permissions: {
        view: { label: { en: 'View', fr: 'Consulter' } },
        create_edit_delete: { label: { en: 'Create / edit / delete', fr: 'Créer / modifier / supprimer' } },
        import: { label: { en: 'Import', fr: 'Importer' } },
        export: { label: { en: 'Export', fr: 'Exporter' } },
        list_and_attributes: { label: { en: 'Lists and attributes', fr: 'Listes et attributs' } },
        forms: { label: { en: 'Contact forms', fr: 'Formulaires de contact' } },
      },
    },
    templates: {
      label: { en: 'Templates', fr: 'Modèles' },
      area: 'marketing',
      permissions: {
        create_edit_delete: { label: { en: 'Create / edit / delete', fr: 'Créer / modifier / supprimer' } },
        activate_deactivate: { label: { en: 'Activate / deactivate', fr: 'Activer / désactiver' } },
      },
    },
    workflows: {
      label: { en: 'Workflows', fr: 'Automatisations' },
      area: 'marketing',
      permissions: {
        create_edit_delete: { label: { en: 'Create / edit / delete', fr: 'Créer / modifier / supprimer' } },
        activate_deactivate_pause: {
          label: { en: 'Activate / deactivate / Pause', fr: 'Activer / désactiver / mettre en pause' },
        },
        settings: { label: { en: 'Settings', fr: 'Paramètres' } },
      },
    },
    facebook_ads: {
      label: { en: 'Facebook Ads', fr: 'Publicités Facebook' },
      area: 'marketing',
      deprecated: true,
      permissions: {
        create_edit_delete: { label: { en: 'Create / edit / delete', fr: 'Créer / modifier / supprimer' } },
        schedule_pause: { label: { en: 'Schedule / pause', fr: 'Planifier / mettre en pause' } },
      },
    },
    landing_pages: {
      label: { en: 'Landing pages', fr: 'Pages de destination' },
      area: 'marketing',
      permissions: { all: { label: { en: 'All', fr: 'Tout' } } },
    },
    transactional_emails: {
      label: { en: 'Transactional emails', fr: 'E-mails transactionnels' },
      area: 'transactional',
      permissions: {
        settings: { label: { en: 'Settings', fr: 'Paramètres' } },
        logs: { label: { en: 'Logs', fr: 'Journaux' } },
      },
    },
    smtp_api: {
      label: { en: 'SMTP & API', fr: 'SMTP et API' },
      permissions: {
        smtp: { label: { en: 'SMTP', fr: 'SMTP' } },
        api_keys: { label: { en: 'API Keys', fr: 'Clés API' } },
        authorized_ips: { label: { en: 'Authorized IPs', fr: 'Adresses IP autorisées' } },
      },
    },
    user_management: {
      label: { en: 'User management', fr: 'Gestion des utilisateurs' },
      permissions: { all: { label: { en: 'All', fr: 'Tout' } } },
    },
    sales_platform: {
      label: { en: 'Sales Platform', fr: 'Plateforme de vente' },
      area: 'crm',
      permissions: {
        create_edit_deals: { label: { en: 'Create / edit deals', fr: 'Créer / modifier des affaires' } },
        delete_deals: { label: { en: 'Delete deals', fr: 'Supprimer des affaires' } },
        manage_others_deals_tasks: {
          label: {
            en: 'Manage deals and tasks from other users',
            fr: 'Gérer les affaires et tâches des autres utilisateurs',
          },
        },
        reports: { label: { en: 'Reports', fr: 'Rapports' } },
        settings: { label: { en: 'Settings', fr: 'Paramètres' } },
      },
    },
    phone: {
      label: { en: 'Phone', fr: 'Téléphone' },
      area: 'phone',
      permissions: { all: { label: { en: 'All', fr: 'Tout' } } },
    },
    conversations: {
      label: { en: 'Conversations', fr: 'Conversations' },
      area: 'conversations',
      permissions: {
        access: { label: { en: 'Access', fr: 'Accéder' } },
        assign: { label: { en: 'Assign', fr: 'Attribuer' } },
        configure: { label: { en: 'Configure', fr: 'Configurer' } },
      },
    },
    senders_domains_dedicated_ips: {
      label: { en: 'Senders, Domains & Dedicated IPs', fr: 'Expéditeurs, domaines et IP dédiées' },
      permissions: {
        senders_management: { label: { en: 'Senders management', fr: 'Gestion des expéditeurs' } },
        domains_management: { label: { en: 'Domains management', fr: 'Gestion des domaines' } },
        dedicated_ips_management: { label: { en: 'Dedicated IPs management', fr: 'Gestion des IP dédiées' } },
      },
    },
    push_notifications: {
      label: { en: 'Push', fr: 'Notifications push' },
      area: 'marketing',
      permissions: {
        view: { label: { en: 'View', fr: 'Consulter' } },
        create_edit_delete: { label: { en: 'Create / edit / delete', fr: 'Créer / modifier / supprimer' } },
        send: { label: { en: 'Send', fr: 'Envoyer' } },
        settings: { label: { en: 'Settings', fr: 'Paramètres' } },
      },
    },
    companies: {
      label: { en: 'Companies', fr: 'Entreprises' },
      area: 'crm',
      permissions: {
        manage_owned_companies: {
          label: { en: 'Create / edit / delete owned companies', fr: 'Créer / modifier / supprimer ses entreprises' },
        },
        manage_other_companies: {
          label: { en: 'Manage companies from other users', fr: 'Gérer les entreprises des autres utilisateurs' },
        },
        settings: { label: { en: 'Settings', fr: 'Paramètres' } },
      },
    },
    // Of Latchkey itself: what the key of a product's server needs to ask what members may do.
    access: {
      label: { en: 'Access checks', fr: 'Contrôles d’accès' },
      permissions: {
        check: { label: { en: 'Ask what members may do', fr: 'Demander ce que les membres peuvent faire' } },
      },
    },
  },
  aliases: {
    // An early document printed the campaign permission under contacts.
    'contacts:send_schedule_suspend': ['contacts:create_edit_delete'],
    'api_keys:all': ['smtp_api:api_keys'],
    'sales_platform:all': [
      'sales_platform:create_edit_deals',
      'sales_platform:delete_deals',
      'sales_platform:manage_others_deals_tasks',
      'sales_platform:reports',
      'sales_platform:settings',
    ],
    'sales_platform:manage_owned_deals_tasks': ['sales_platform:create_edit_deals', 'sales_platform:delete_deals'],
    'sales_platform:manage_owned_deals_tasks_companies': [
      'sales_platform:manage_owned_deals_tasks',
      'companies:manage_owned_companies',
    ],
    'sales_platform:manage_others_deals_tasks_companies': [
      'sales_platform:manage_others_deals_tasks',
      'companies:manage_other_companies',
    ],
    'sales_platform:delete_owned_deals': ['sales_platform:delete_deals'],
    'companies:manage_others_companies': ['companies:manage_other_companies'],
  },
  plans: {
    free: { label: { en: 'Free', fr: 'Gratuit' }, seats: 1, features: 'all' },
    standard: { label: { en: 'Standard', fr: 'Standard' }, seats: 3, features: 'all' },
    professional: { label: { en: 'Professional', fr: 'Professionnel' }, seats: 10, features: 'all' },
    enterprise: { label: { en: 'Enterprise', fr: 'Entreprise' }, seats: null, features: 'all' },
  },
  default_plan: 'enterprise',
  administration: {
    members: 'user_management:all',
    api_keys: 'smtp_api:api_keys',
    activities: 'user_management:all',
    access_checks: 'access:check',
  },
};
