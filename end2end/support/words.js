// The words people read and press, as the design fixes them. Written out here, not read from
// locales/: a label that changes by mistake must fail a test.

export const english = {
  tag: 'en',
  name: 'Name',
  email: 'Email',
  password: 'Password',
  code: 'Verification code',
  createAccount: 'Create account',
  signIn: 'Sign in',
  signOut: 'Sign out',
  checkMail: 'Check your email',
  confirm: 'Confirm',
  confirmAddress: 'Confirm address',
  hello: (name) => `Hello, ${name}`,
};

export const french = {
  tag: 'fr',
  name: 'Nom',
  email: 'E-mail',
  password: 'Mot de passe',
  code: 'Code de vérification',
  createAccount: 'Créer un compte',
  signIn: 'Se connecter',
  signOut: 'Se déconnecter',
  checkMail: 'Consultez vos e-mails',
  confirm: 'Confirmer',
  confirmAddress: 'Confirmer l’adresse',
  hello: (name) => `Bonjour ${name}`,
};
